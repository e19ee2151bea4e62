using System.Runtime;
using System.Threading;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Call and ReplyRecv between threads of one CPU: the common case in one piece, without a lock, an atomic instruction or
/// a line that another CPU writes.
/// </summary>
/// <remarks>
/// The path, downwards: the system-call entry (kernel/Entry/SystemCallStubs) has checked that the message is four
/// words at most, which lie in registers that C# preserves, and calls here; what is answered is resumed by the same stub
/// with those words, and the badge that was left in <see cref="Cpu.Badge"/>. What is declined goes to
/// <see cref="ActiveServers"/> or <see cref="FastAnswers"/>, then to <see cref="CrossCalls"/>, and at last to
/// <see cref="SystemCalls.Enter"/>. What is checked and done it shares with the path of page faults
/// (<see cref="DirectSwitch"/>). A longer message without capabilities takes the same path
/// (<see cref="LongMessages"/>). The context stays charged and so goes along by itself
/// (<see cref="Scheduling.RunningThread"/>).
/// </remarks>
internal static unsafe class Fastpath
{
    [RuntimeExport(EntryPoints.FastpathCall)]
    public static Thread* Call(ulong address, Cpu* cpu, Thread* from)
    {
        if (address >= from->CapabilityCount)
        {
            return DirectSwitch.Declined(cpu);
        }
        if (
            !DirectSwitch.FindReceiver(
                (Capability*)Volatile.Read(ref *(ulong*)&from->Capabilities),
                address << Capability.SizeBits,
                cpu,
                out Endpoint* endpoint,
                out Reply* reply,
                out Thread* to,
                out ulong badge
            )
        )
        {
            return DirectSwitch.Declined(cpu);
        }
        DirectSwitch.Lend<CallLoan>(cpu, from, endpoint, reply, to, badge);
        return to;
    }

    [RuntimeExport(EntryPoints.FastpathReplyRecv)]
    public static Thread* ReplyRecv(ulong address, Cpu* cpu, Thread* self)
    {
        if (
            !DirectSwitch.FindLender<CallLoan>(
                address,
                cpu,
                self,
                out Endpoint* endpoint,
                out Reply* reply,
                out Thread* caller
            )
        )
        {
            return DirectSwitch.Declined(cpu);
        }
        DirectSwitch.GiveBack(cpu, self, endpoint, reply, caller);
        cpu->FastMessages = cpu->FastMessages + 1;
        return caller;
    }
}
