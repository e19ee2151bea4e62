using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// The kernel's own tests: this program runs in core's place, as the one component of each cluster, and speaks to the
/// kernel alone. The boot cluster's instance, which has the console, runs the tests; the others answer its doorbell.
/// </summary>
internal static class Program
{
    [RuntimeExport(ComponentEntryPoints.ComponentMain)]
    private static unsafe void Main(ulong argument)
    {
        Workshop.Open();
        if ((Workshop.Facts->Flags & Abi.Boot.BootFlags.Root) == 0)
        {
            DoorbellTests.RingBack();
        }
        if (RegisterShow.IsWanted)
        {
            RegisterShow.Run();
        }
        bool passed = LanguageTests.Run();
        passed &= CapabilityTests.Run();
        passed &= MemoryTests.Run();
        passed &= TableTests.Run();
        passed &= SpaceNumberTests.Run();
        passed &= MessageTests.Run();
        passed &= RpcTests.Run();
        passed &= FaultTests.Run();
        passed &= SchedulingTests.Run();
        passed &= ThreadFaultTests.Run();
        passed &= RingTests.Run();
        passed &= X87Tests.Run();
        passed &= DebugTests.Run();
        passed &= TimeTests.Run();
        passed &= AuthorityTests.Run();
        passed &= ClusterTests.Run();
        passed &= RaceTests.Run();
        passed &= RevokeTests.Run();
        passed &= MigrationTests.Run();
        passed &= LifetimeTests.Run();
        passed &= PortTests.Run();
        passed &= InterruptTests.Run();
        passed &= TimerInterruptTests.Run();
        passed &= ParkTests.Run();
        passed &= TraceTests.Run();
        passed &= DoorbellTests.Run();
        Console.End(passed ? ExitCode.Success : ExitCode.TestFailure);
    }

    [RuntimeExport(ComponentEntryPoints.ThreadMain)]
    private static void ThreadMain(ulong argument)
    {
        var slot = new CapabilitySlot((uint)(argument >> 32));
        switch ((Role)(uint)argument)
        {
            case Role.Echo:
                MessageTests.Echo(new EndpointCapability(slot));
                break;
            case Role.RpcServer:
                RpcTests.Serve(new EndpointCapability(slot));
                break;
            case Role.Count:
                SchedulingTests.Count(slot.Value);
                break;
            case Role.Touch:
                FaultTests.Touch();
                break;
            case Role.Write:
                MemoryTests.Write();
                break;
            case Role.Pager:
                FaultTests.Page(new EndpointCapability(slot));
                break;
            case Role.Caller:
                ClusterTests.CallOften(new EndpointCapability(slot));
                break;
            case Role.Outsider:
                AuthorityTests.BeOutsider();
                break;
            case Role.Delegator:
                RaceTests.Delegate();
                break;
            case Role.ChainCopier:
                RevokeTests.Copy(slot.Value);
                break;
            case Role.Translator:
                RaceTests.Translate(new EndpointCapability(slot));
                break;
            case Role.TranslationServer:
                RaceTests.Serve(new EndpointCapability(slot));
                break;
            case Role.LongCaller:
                LifetimeTests.CallLong(new EndpointCapability(slot));
                break;
            case Role.FaultCounter:
                LifetimeTests.CountFaults(new EndpointCapability(slot));
                break;
            case Role.Privileged:
                FaultTests.ExecutePrivileged();
                break;
            case Role.KernelReader:
                KernelAddressTests.Read(slot.Value);
                break;
            case Role.RegisterReader:
                RegisterShow.Read(slot.Value);
                break;
            case Role.X87:
                X87Tests.Compute(slot);
                break;
            case Role.Vectors:
                SchedulingTests.ComputeForever(slot.Value);
                break;
            case Role.Invoker:
                ParkTests.InvokeForever();
                break;
            case Role.Driver:
                InterruptDriver.Serve();
                break;
            case Role.Sender:
                TableTests.Send(new EndpointCapability(slot));
                break;
            case Role.TracedCaller:
                TraceClusterTests.CallAndRest(new EndpointCapability(slot));
                break;
            case Role.Waiter:
                SchedulingTests.WaitOften(new NotificationCapability(slot));
                break;
        }
    }

    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void OnFailure(uint reason)
    {
        Console.Test("runtime"u8, false, "failed check"u8, reason);
        Console.End(ExitCode.TestFailure);
    }
}
