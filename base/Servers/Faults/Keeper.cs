using System.Runtime.Intrinsics.X86;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers.Faults;

/// <summary>
/// The thread of one CPU that keeps the server's others there going. They work on the time of those they serve, and hold
/// the server's locks meanwhile: when a client ends inside a call, or its budget does, they go on with time of the
/// server's own until they wait again. It also sends the answers that were found on other CPUs.
/// </summary>
/// <remarks>
/// It has time of its own, and waits for none of the threads that it keeps: it takes no lock, and calls nobody.
/// </remarks>
public unsafe struct Keeper
{
    /// <summary>Cookies of the threads that it keeps, which their timeouts carry.</summary>
    public const ulong SessionCookie = 1;
    public const ulong PagerCookie = 2;

    private readonly Server* _server;
    private readonly ServerCpu* _cpu;
    private readonly uint _index;

    /// <summary>Whether each runs on time of the server's own.</summary>
    private bool _sessionSustained;
    private bool _pagerSustained;

    private Keeper(Server* server, uint index)
    {
        _server = server;
        _cpu = (ServerCpu*)&server->Cpus + index;
        _index = index;
    }

    /// <summary>A keeper's whole life. The argument is the CPU's index among the server's.</summary>
    public static void Run(ulong argument)
    {
        var keeper = new Keeper(SessionEntrypoint.Instance, (uint)argument);
        while (keeper.Serve() != Status.InvalidCapability) { }
    }

    /// <returns>InvalidCapability if there is nothing to hear from any more.</returns>
    private Status Serve()
    {
        Status status;
        Message message;
        if (_sessionSustained || _pagerSustained)
        {
            status = _cpu->Timeouts.NBRecv(out message);
        }
        else
        {
            status = _cpu->Timeouts.Recv(out message);
        }
        if (status == Status.Ok && message.Info.Label == (ulong)FaultLabel.Timeout)
        {
            Sustain(message.Word3);
        }
        _server->Callers.Deliver(_index);
        _sessionSustained = _sessionSustained && !Release(_cpu->SessionThread);
        _pagerSustained = _pagerSustained && !Release(_cpu->PagerThread);
        if (status == Status.WouldBlock)
        {
            X86Base.Pause();
            Processor.Yield();
        }
        return status;
    }

    /// <summary>The thread goes on. What it had borrowed goes back to whoever lent it.</summary>
    private void Sustain(ulong cookie)
    {
        bool isPager = cookie == PagerCookie;
        ThreadCapability thread = isPager ? _cpu->PagerThread : _cpu->SessionThread;
        SchedContextCapability time = isPager ? _cpu->PagerTime : _cpu->SessionTime;
        if (thread.SetScheduling(_server->Priority, time, _cpu->Time) != Status.Ok)
        {
            // The server's own time was taken from it: it ends. Told to go on, the thread would time out again at once; held
            // any longer, it would keep the others of this CPU from being heard.
            thread.Suspend();
            return;
        }
        _cpu->KeeperCaller.Send(Message.Of(0));
        _pagerSustained |= isPager;
        _sessionSustained |= !isPager;
    }

    /// <summary>Makes it passive again once it waits.</summary>
    private readonly bool Release(ThreadCapability thread) =>
        thread.ReadRegisters(out ThreadRegisters registers) == Status.Ok
        && registers.State == ThreadState.Receiving
        && thread.BecomePassive(_server->Priority) == Status.Ok;
}
