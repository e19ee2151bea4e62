using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;

namespace Skerry.Tests.Host.Base;

/// <summary>What a test service's method came to.</summary>
public enum TestResult : byte
{
    Ok = 0,
    CallFailed = 1,
    Refused = 5,
}

/// <summary>A structure of an uneven number of bytes.</summary>
public readonly struct OddStructure(ulong first, uint second, byte third)
{
    public readonly ulong First = first;
    public readonly uint Second = second;
    public readonly byte Third = third;
}

/// <summary>Every kind of parameter that travels.</summary>
[RpcInterface]
public interface ITestService
{
    public const int MaximumText = 100;

    TestResult Integers(bool a, byte b, sbyte c, short d, ushort e, int f, uint g, long h, ulong i, out long sum);

    TestResult Structures(in OddStructure given, out OddStructure back);

    TestResult Small(bool a, int b, byte c, out bool d, out sbyte e, out PlacementKind f);

    [RpcMethod(10)]
    TestResult Text([MaximumLength(MaximumText)] ReadOnlySpan<byte> text, out int length);

    TestResult Reverse([MaximumLength(200)] ReadOnlySpan<byte> text, [MaximumLength(200)] Span<byte> reversed);

    TestResult Enums(FrameRights flags, PlacementKind kind, out PlacementKind back);

    TestResult Capabilities(
        Capability first,
        DataspaceCapability second,
        Capability third,
        out Capability back,
        out DataspaceCapability typed
    );
}
