using System;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Hostile;

/// <summary>Lines of the log.</summary>
internal static class Report
{
    private const int MaximumLine = 300;

    /// <summary>What was done, and the account of its beginning and of its end.</summary>
    public static void Accounts(
        in Environment environment,
        ReadOnlySpan<byte> test,
        ulong count,
        bool passed,
        in QuotaState before,
        in QuotaState after
    )
    {
        Span<byte> buffer = stackalloc byte[MaximumLine];
        var text = new TextBuilder(buffer);
        text.Append("@test "u8).Append(test).Append(passed ? " pass "u8 : " fail "u8).AppendDecimal(count);
        text.Append(" times; used before "u8);
        Append(ref text, in before);
        text.Append(", after "u8);
        Append(ref text, in after);
        text.AppendLine();
        environment.Log.Write(text.Text);
    }

    public static void Method(in Environment environment, ReadOnlySpan<byte> what, in RpcMethodShape shape)
    {
        Span<byte> buffer = stackalloc byte[MaximumLine];
        var text = new TextBuilder(buffer);
        text.Append(what).Append(shape.InterfaceName).Append((byte)'.').Append(shape.MethodName).AppendLine();
        environment.Log.Write(text.Text);
    }

    private static void Append(ref TextBuilder text, in QuotaState state)
    {
        text.AppendDecimal(state.Used.RamBytes).Append((byte)'/').AppendDecimal(state.Limit.RamBytes);
        text.Append(" bytes and "u8).AppendDecimal(state.Used.Capabilities).Append((byte)'/');
        text.AppendDecimal(state.Limit.Capabilities).Append(" capabilities"u8);
    }
}
