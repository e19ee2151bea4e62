using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Apps.KernelBench;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.ServersBench;

/// <summary>
/// A thread that answers every message at once, by the kernel suite's assembled loop: what is left is the kernel's part of
/// a round trip. It finds its endpoint on the board, at a fixed address.
/// </summary>
internal static unsafe class RawServer
{
    private const ulong StackBytes = 4 * UserLayout.PageSize;

    public static bool Start(in Environment environment, out EndpointCapability raw)
    {
        raw = default;
        if (
            environment.Ram.AllocateAttached(UserLayout.PageSize, Placement.Any, MeasureLayout.Board, out _)
                != AllocationResult.Ok
            || environment.Pd.AllocateEndpoint(0, out raw) != AllocationResult.Ok
        )
        {
            return false;
        }
        *(ulong*)(ulong)MeasureLayout.ServerSlot = raw.Slot.Value;
        *(ulong*)(ulong)MeasureLayout.ServerInfo = MessageInfo.Of(0, 0).Value;
        return UserThread.Create(
                in environment,
                "raw"u8,
                Affinity.Cpu(0),
                environment.Priority,
                StackBytes,
                &Serve,
                0,
                out UserThread thread
            ) == ThreadResult.Ok
            && thread.Start() == ThreadResult.Ok
            && BecomePassive(thread.Control);
    }

    /// <summary>Once it waits for its first message: until then it needs time of its own.</summary>
    private static bool BecomePassive(CpuThreadClient thread)
    {
        ThreadInformation information;
        do
        {
            Processor.Yield();
            if (thread.State(out information) != ThreadResult.Ok)
            {
                return false;
            }
        } while (information.State != ThreadState.Receiving);
        return thread.ServeOnCallers() == ThreadResult.Ok;
    }

    private static void Serve(ulong _) => MeasureEcho();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureEcho)]
    private static extern void MeasureEcho();
}
