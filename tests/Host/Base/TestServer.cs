using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Tests.Host.Base;

/// <summary>Serves <see cref="ITestService"/> and keeps what it was given.</summary>
internal struct TestServer : ITestService
{
    public int Calls;
    public Capability First;
    public Capability Second;
    public Capability Third;
    public PlacementKind AnsweredKind;

    public TestResult Integers(bool a, byte b, sbyte c, short d, ushort e, int f, uint g, long h, ulong i, out long sum)
    {
        Calls++;
        sum = unchecked((a ? 1 : 0) + b + c + d + e + f + g + h + (long)i);
        return TestResult.Ok;
    }

    public TestResult Structures(in OddStructure given, out OddStructure back)
    {
        Calls++;
        back = new OddStructure(given.First + 1, given.Second + 1, (byte)(given.Third + 1));
        return TestResult.Ok;
    }

    public TestResult Small(bool a, int b, byte c, out bool d, out sbyte e, out PlacementKind f)
    {
        Calls++;
        d = !a;
        e = unchecked((sbyte)(b + c));
        f = AnsweredKind;
        return TestResult.Refused;
    }

    public TestResult Text(ReadOnlySpan<byte> text, out int length)
    {
        Calls++;
        length = text.Length;
        return text.Length == 0 ? TestResult.Refused : TestResult.Ok;
    }

    public TestResult Reverse(ReadOnlySpan<byte> text, Span<byte> reversed)
    {
        Calls++;
        for (int i = 0; i < text.Length && i < reversed.Length; i++)
        {
            reversed[i] = text[text.Length - 1 - i];
        }
        return TestResult.Ok;
    }

    public TestResult Enums(FrameRights flags, PlacementKind kind, out PlacementKind back)
    {
        Calls++;
        back = AnsweredKind;
        return TestResult.Ok;
    }

    public TestResult Capabilities(
        Capability first,
        DataspaceCapability second,
        Capability third,
        out Capability back,
        out DataspaceCapability typed
    )
    {
        Calls++;
        First = first;
        Second = second.Capability;
        Third = third;
        back = Capability.None;
        typed = new DataspaceCapability(Capability.In(new CapabilitySlot(7)));
        return TestResult.Ok;
    }
}
