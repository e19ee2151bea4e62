using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers.Faults;

/// <summary>
/// The thread of one CPU that answers the faults which happen there. The common case downwards: the kernel delivers the
/// fault → <see cref="Handle"/> → the region maps say what is to be mapped → <see cref="MapAndReceive"/>, one system
/// call, maps, resumes the faulter and waits for the next.
/// </summary>
public unsafe struct Pager
{
    private readonly Server* _server;
    private readonly ServerCpu* _cpu;
    private readonly int _index;
    private Message _message;

    private Pager(Server* server, uint cpu)
    {
        _server = server;
        _cpu = (ServerCpu*)&server->Cpus + cpu;
        _index = (int)cpu;
    }

    /// <summary>A pager thread's whole life. The argument is the CPU's index among the server's.</summary>
    public static void Run(ulong argument)
    {
        var pager = new Pager(SessionEntrypoint.Instance, (uint)argument);
        Status status = pager.Receive();
        while (status != Status.InvalidCapability)
        {
            status = status == Status.Ok ? pager.Handle() : pager.Receive();
        }
    }

    private Status Receive() => _cpu->Faults.Recv(out _message);

    private Status ResumeAndReceive()
    {
        _message.Info = MessageInfo.Of(0, 0);
        return _cpu->Faults.ReplyRecv(ref _message);
    }

    private Status Handle()
    {
        // Destroying a PD waits until no pager announces it, so what is found here stays while this fault is handled.
        Volatile.Write(ref _cpu->HandlingFor, _message.Badge);
        Interlocked.MemoryBarrier();
        var pd = (ProtectionDomain*)_server->Objects.Find(_message.Badge, ObjectKind.ProtectionDomain);
        Status status;
        if (pd == null)
        {
            status = Receive();
        }
        else if (_message.Info.Label == (ulong)FaultLabel.Page)
        {
            status = HandlePage(pd);
        }
        else
        {
            status = HandleException(pd);
        }
        return status;
    }

    private Status HandlePage(ProtectionDomain* pd)
    {
        ulong address = _message.Word0;
        ulong pointer = _message.Word1;
        var access = (FaultAccess)_message.Word2;
        ulong thread = _message.Word3;
        FaultOutcome outcome = _server->Mapping.Resolve(pd->Map, address, access, _index, out Resolution resolution);
        bool forwarded = outcome == FaultOutcome.NeedsForward;
        if (forwarded)
        {
            outcome = Forward(pd, access, ref resolution);
        }
        switch (outcome)
        {
            case FaultOutcome.Resolved:
                if (forwarded)
                {
                    _cpu->FaultsForwarded++;
                }
                else
                {
                    _cpu->FaultsLocal++;
                }
                return MapAndReceive(pd, ref resolution);
            case FaultOutcome.Retry:
                Done();
                return ResumeAndReceive();
            default:
                return Unresolved(pd, resolution, access, pointer, address, thread);
        }
    }

    /// <summary>Maps, and supplies the page tables that are missing. What another CPU mapped meanwhile is as good.</summary>
    private Status MapAndReceive(ProtectionDomain* pd, ref Resolution resolution)
    {
        Message fault = _message;
        var mapping = new FrameMapping(
            new FrameCapability(resolution.Window),
            resolution.Rights,
            resolution.Address,
            resolution.Offset,
            1
        );
        while (true)
        {
            Done();
            Status status = _cpu->Faults.ReplyMapRecv(in mapping, out _message);
            if (status == Status.Ok)
            {
                return Status.Ok;
            }
            if (status != Status.MissingPageTable)
            {
                // The window went, or another CPU's pager was faster: the thread tries again and faults again if it must.
                return ResumeAndReceive();
            }
            if (!PageTableSupply.Add(_server, pd, resolution.Address, (int)_message.Word0))
            {
                resolution.Outcome = FaultOutcome.OutOfResources;
                var access = (FaultAccess)fault.Word2;
                return Unresolved(pd, resolution, access, fault.Word1, fault.Word0, fault.Word3);
            }
        }
    }

    private FaultOutcome Forward(ProtectionDomain* pd, FaultAccess access, ref Resolution resolution)
    {
        if (_server->Hooks.Forward == null)
        {
            return FaultOutcome.ForeignFailed;
        }
        ForwardedFrame frame;
        Sessions.ResolveResult result = _server->Hooks.Forward(
            _server,
            (uint)_index,
            resolution.Foreign,
            resolution.Offset,
            access,
            &frame
        );
        if (result == Sessions.ResolveResult.Violation)
        {
            bool write = (access & FaultAccess.Write) != 0;
            return write ? FaultOutcome.WriteViolation : FaultOutcome.ExecuteViolation;
        }
        if (result != Sessions.ResolveResult.Ok)
        {
            return FaultOutcome.ForeignFailed;
        }
        Resolution forwarded = resolution;
        return _server->Mapping.CompleteForward(
            pd->Map,
            access,
            in forwarded,
            frame.Frame,
            frame.Offset,
            _index,
            out resolution
        );
    }

    /// <summary>Puts the faulter aside and goes on with another Reply object; its region map's handler, or else its parent, is told.</summary>
    private Status Unresolved(
        ProtectionDomain* pd,
        in Resolution resolution,
        FaultAccess access,
        ulong pointer,
        ulong address,
        ulong thread
    )
    {
        HeldCaller* held = PutAside();
        DeferResult deferred =
            held == null ? DeferResult.NoHandler : _server->Mapping.Defer(resolution, access, thread, held);
        if (deferred == DeferResult.Retry)
        {
            _server->Callers.Answer(held, HeldAnswer.Again);
        }
        else if (deferred == DeferResult.NoHandler)
        {
            _cpu->FaultsUnresolved++;
            var report = new CrashReport
            {
                Kind = FaultLabel.Page,
                Detail = address,
                InstructionPointer = pointer,
                Access = access,
                Outcome = resolution.Outcome,
            };
            ReportCrash(pd, thread, held, report);
        }
        Done();
        return Receive();
    }

    private Status HandleException(ProtectionDomain* pd)
    {
        var report = new CrashReport
        {
            Kind = (FaultLabel)_message.Info.Label,
            Detail = _message.Word0,
            InstructionPointer = _message.Word1,
        };
        ulong thread = _message.Word3;
        ReportCrash(pd, thread, PutAside(), report);
        Done();
        return Receive();
    }

    private readonly void ReportCrash(ProtectionDomain* pd, ulong thread, HeldCaller* held, in CrashReport report)
    {
        var record = (ThreadRecord*)_server->Objects.Find(thread, ObjectKind.Thread);
        // The cookie is what the thread's maker gave it: a child that makes its own threads may name any.
        if (record != null && record->Pd == pd)
        {
            record->Crashed = held;
        }
        Child* child = pd->Child;
        if (child != null && child->State == ChildState.Running)
        {
            child->Crash = report;
            // The supervisor reads the report when it sees the state.
            Interlocked.MemoryBarrier();
            child->State = ChildState.Crashed;
        }
        _server->Attention.Signal();
    }

    /// <summary>Holds the faulter from now on; null if there is nothing to hold it by.</summary>
    private readonly HeldCaller* PutAside() => _server->Callers.PutAside(_cpu->PagerThread, ref _cpu->PagerCaller);

    private readonly void Done() => Volatile.Write(ref _cpu->HandlingFor, 0);
}
