using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;

namespace Skerry.Base.Startup;

/// <summary>
/// A thread that serves on its callers' time, and its keeper. A caller may end inside its call, and take along the time that
/// the service works on: the keeper, another thread of the component, hears of it and gives the service time of its own, with
/// which it finishes what it is at.
/// </summary>
/// <remarks>Lies on the stack of the thread that serves, which is there as long as the keeper is.</remarks>
internal unsafe struct CallersTime
{
    private CapabilitySlot _control;
    private EndpointCapability _timeouts;
    private UserThread _keeper;

    /// <summary>Its keeper has given the service its own time.</summary>
    private uint _isOnOwn;

    /// <summary>
    /// Makes the keeper of the running thread, which has only callers' time from its next receive on.
    /// </summary>
    /// <returns>False if the component's account does not cover it: then the thread stays on its own time.</returns>
    public static bool TryBegin(in Environment environment, uint cpu, CallersTime* time)
    {
        CapabilitySlot own = ThreadContext.Current.Control;
        time->_control = own.IsNull ? new CapabilitySlot((uint)StartupSlot.MainThread) : own;
        return environment.Pd.AllocateEndpoint(cpu, out time->_timeouts) == AllocationResult.Ok
            && UserThread.Create(
                in environment,
                "keeper"u8,
                Affinity.Cpu(cpu),
                environment.Priority,
                UserThread.SmallStackBytes,
                &Keep,
                (ulong)time,
                out time->_keeper
            ) == ThreadResult.Ok
            && time->_keeper.Start() == ThreadResult.Ok
            && Control(time).TellLostTime(time->_timeouts.Slot.Value) == ThreadResult.Ok
            && Control(time).ServeOnCallers() == ThreadResult.Ok;
    }

    /// <summary>The thread has served a request. If it lost its caller's time over that, it gives its own up again.</summary>
    public static void HasServed(CallersTime* time)
    {
        if (Volatile.Read(ref time->_isOnOwn) != 0)
        {
            Volatile.Write(ref time->_isOnOwn, 0);
            Control(time).ServeOnCallers();
        }
    }

    /// <summary>The thread serves no more: it has its own time, and no keeper.</summary>
    public static void End(in Environment environment, CallersTime* time)
    {
        Control(time).ServeOnOwnTime();
        Control(time).TellLostTime(0);
        time->_keeper.Destroy(in environment);
        CapabilitySlots.Release(time->_timeouts.Slot);
    }

    /// <summary>The keeper's whole life. Only the kernel sends there.</summary>
    private static void Keep(ulong argument)
    {
        var time = (CallersTime*)argument;
        Status status = time->_timeouts.Recv(out Message message);
        while (status == Status.Ok)
        {
            Volatile.Write(ref time->_isOnOwn, 1);
            Control(time).ServeOnOwnTime();
            message = Message.Of(0);
            status = time->_timeouts.ReplyRecv(ref message);
        }
    }

    private static CpuThreadClient Control(CallersTime* time) => new(time->_control);
}
