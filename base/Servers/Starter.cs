using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Needs;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers;

/// <summary>
/// A thread of a server's that takes turns with the children on its first CPU, where the supervisor runs, and does nothing
/// with them but say that it has had one. The supervisor, which goes before all children, starts one again when it has heard
/// that: so one that ends as soon as it is started, on a CPU of its own, leaves the others here what an equal would.
/// </summary>
/// <remarks>It takes no lock, so nobody waits for it at the priority of a child.</remarks>
internal unsafe struct Starter
{
    private ThreadCapability _thread;
    private SchedContextCapability _time;

    /// <summary>Signalled when a turn is wanted.</summary>
    private NotificationCapability _wanted;

    /// <summary>Turns that it has had. The thread alone writes it.</summary>
    private uint _turns;

    /// <summary>Turns that were taken, and at which priority of a child the next is wanted, if it is. The supervisor's alone.</summary>
    private uint _taken;
    private uint _priority;
    private bool _isWanted;

    /// <summary>Makes and starts the thread.</summary>
    /// <returns>False if the server's own memory or slots do not suffice.</returns>
    public bool Start(Server* server, uint stackSlot)
    {
        var thread = new OwnThread(stackSlot, &Run, 0, 0, ServerNeeds.KeeperStackPages);
        _wanted = new NotificationCapability(
            OwnThreads.Make(server, ObjectType.Notification, server->Cpus[0].ClusterIndex)
        );
        if (_wanted.Slot.IsNull || !thread.Make(server))
        {
            return false;
        }
        _thread = thread.Thread;
        _time = thread.Time;
        return _thread.Resume() == Status.Ok;
    }

    /// <summary>The thread's whole life: to it the supervisor's signal comes when nobody goes before it.</summary>
    private static void Run(ulong _)
    {
        Server* server = SessionEntrypoint.Instance;
        while (server->Starter._wanted.Wait(out ulong _) == Status.Ok)
        {
            server->Starter.HaveTurn();
            server->Attention.Signal();
        }
    }

    internal void HaveTurn() => Volatile.Write(ref _turns, _turns + 1);

    /// <summary>Asks for a turn at this priority, or a higher one if that was asked for already.</summary>
    /// <param name="server">Whose starter it is.</param>
    /// <param name="priority">As the kernel counts it.</param>
    public void Ask(Server* server, uint priority)
    {
        if (!_isWanted || priority > _priority)
        {
            _priority = priority;
            _thread.SetScheduling(priority, _time, server->Cpus[0].Time);
        }
        if (!_isWanted)
        {
            _isWanted = true;
            _wanted.Signal();
        }
    }

    /// <summary>Takes the turn that was asked for.</summary>
    /// <returns>False if there was none yet.</returns>
    public bool TryTake()
    {
        bool isHad = _isWanted && Volatile.Read(ref _turns) != _taken;
        if (isHad)
        {
            _taken++;
            _isWanted = false;
        }
        return isHad;
    }
}
