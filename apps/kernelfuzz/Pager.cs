using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// Answers the page faults of its CPU, mostly as a pager would: with a page of its own frames at the address. Its table
/// is its own, so that it can.
/// </summary>
internal static class Pager
{
    public const uint Endpoint = 1;
    public const uint FirstFrame = 2;
    public const uint Frames = 16;
    public const uint Thread = 18;
    public const uint FirstReply = 19;
    public const uint Replies = 8;
    public const uint Bell = FirstReply + Replies;
    public const int TableBits = 5;

    public static void Run(ref WorkerRecord record)
    {
        SystemCallFrame message = Traps.Frame(SystemCall.ReplyRecv, Endpoint);
        while (true)
        {
            SystemCalls.Trap(ref message);
            Board.Admit(ref record, Bell);
            message = Answer(ref record.State, ref message);
        }
    }

    private static SystemCallFrame Answer(ref ulong state, ref SystemCallFrame message)
    {
        if (IsGoOn(new MessageInfo(message.Info)))
        {
            return Traps.Frame(SystemCall.ReplyRecv, Endpoint);
        }
        if (
            (Status)message.Number != Status.Ok
            || !new MessageInfo(message.Info).IsFromKernel
            || Draw.Once(ref state, 16)
        )
        {
            return Traps.Frame(SystemCall.ReplyRecv, Endpoint, 0, Draw.Below(ref state, 100));
        }
        if (!TryMap(ref state, ref message))
        {
            // It would fault again at once. Nobody answers: its supervisor starts it anew.
            ulong reply = FirstReply + Draw.Below(ref state, Replies);
            Traps.Call(
                SystemCall.Invoke,
                Thread,
                MessageInfo.Of((ulong)ThreadOperation.SetReply, 4).Value,
                reply,
                0,
                0,
                0
            );
            return Traps.Frame(SystemCall.Recv, Endpoint);
        }
        return Traps.Frame(SystemCall.ReplyRecv, Endpoint);
    }

    /// <summary>Breakpoints, single steps and ends of budgets.</summary>
    private static bool IsGoOn(MessageInfo info) =>
        info.IsFromKernel && (FaultLabel)info.Label is FaultLabel.Debug or FaultLabel.Timeout;

    /// <summary>A page of the pagers' own frames, at the address of the fault. The next message has come in by then.</summary>
    private static bool TryMap(ref ulong state, ref SystemCallFrame fault)
    {
        ulong frame = FirstFrame + Draw.Below(ref state, Frames);
        // A frame is mapped at one place at a time.
        Traps.Call(SystemCall.Invoke, frame, MessageInfo.Of((ulong)FrameOperation.Unmap, 4).Value, 0, 0, 0, 0);
        ulong rights = (ulong)(FrameRights.Read | FrameRights.Write) << 32;
        ulong address = fault.Word0 & ~(UserLayout.PageSize - 1);
        SystemCallFrame answer = Traps.Frame(SystemCall.ReplyMapRecv, Endpoint, 0, frame | rights, address, 0, 1);
        SystemCalls.Trap(ref answer);
        if ((Status)answer.Number != Status.Ok)
        {
            return false;
        }
        Board.Count(ref Board.Shared.FaultsMapped);
        return true;
    }
}
