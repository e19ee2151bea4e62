using System.Runtime.CompilerServices;
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
/// fault → <see cref="Handle"/> → the region map says what is to be mapped → <see cref="TryMapDirect"/>: one system call
/// maps, resumes the faulter and waits for the next.
/// </summary>
public unsafe struct Pager
{
    private readonly Server* _server;
    private readonly ServerCpu* _cpu;
    private readonly int _index;

    /// <summary>The last fault, as the kernel has delivered it; then its answer.</summary>
    private SystemCallFrame _frame;

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
            // Whatever else it is: who is still held must not be in the way of the next.
            status = status == Status.Ok ? pager.Handle() : pager.ResumeAndReceive();
        }
    }

    private Status Receive() => Trap(SystemCall.Recv);

    private Status ResumeAndReceive()
    {
        _frame.Info = MessageInfo.Of(0, 0).Value;
        return Trap(SystemCall.ReplyRecv);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Status Trap(SystemCall call)
    {
        _frame.Number = (ulong)call;
        _frame.Address = _cpu->Faults.Slot.Value;
        return SystemCalls.Trap(ref _frame);
    }

    /// <summary>Maps for the faulter, resumes it, and receives; if it answers anything but Ok, word 0 is a detail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Status MapSomeAndReceive(CapabilitySlot window, FrameRights rights, ulong address, ulong offset, uint pages)
    {
        _frame.Info = MessageInfo.Of(0, MessageLimits.RegisterWords).Value;
        _frame.Word0 = Invocation.Pack(window.Value, PageAttributes.Of(rights).Value);
        _frame.Word1 = address;
        _frame.Word2 = offset;
        _frame.Word3 = pages;
        return Trap(SystemCall.ReplyMapRecv);
    }

    private Status Handle()
    {
        // Whoever destroys a PD waits until this is done with what it has begun, so what is found here stays meanwhile.
        Volatile.Write(ref _cpu->FaultsTaken, _cpu->FaultsTaken + 1);
        Interlocked.MemoryBarrier();
        var pd = (ProtectionDomain*)_server->Objects.Find(_frame.Address, ObjectKind.ProtectionDomain);
        Status status;
        if (pd == null)
        {
            // A thread that the domain made itself may still run when its handle has gone. It tries again until it is destroyed,
            // on its own time: nobody is kept for it, and the Reply object is free.
            status = ResumeAndReceive();
        }
        else if (new MessageInfo(_frame.Info).Label == (ulong)FaultLabel.Page)
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
        ulong address = _frame.Word0;
        ulong pointer = _frame.Word1;
        var access = (FaultAccess)_frame.Word2;
        ulong thread = _frame.Word3;
        if (
            _server->Mapping.TryResolveDirect(pd->Map, address, access, _index, out DirectResolution direct)
            && TryMapDirect(in direct, out Status mapped)
        )
        {
            return mapped;
        }
        FaultOutcome outcome = _server->Mapping.Resolve(pd->Map, address, access, _index, out Resolution resolution);
        bool forwarded = outcome == FaultOutcome.NeedsForward;
        if (forwarded)
        {
            outcome = Forward(pd, access, ref resolution);
            resolution.Outcome = outcome;
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
                return MapAndReceive(pd, ref resolution, access, pointer, address, thread);
            case FaultOutcome.Retry:
                return ResumeAndReceive();
            default:
                return Unresolved(pd, resolution, access, pointer, address, thread);
        }
    }

    /// <summary>
    /// Maps what the fault wants and waits for the next. What another CPU mapped meanwhile is as good; if the window went, the
    /// thread tries again and faults again.
    /// </summary>
    /// <returns>False if a page table is missing: the faulter still waits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMapDirect(in DirectResolution direct, out Status status)
    {
        _cpu->FaultsLocal++;
        status = MapSomeAndReceive(direct.Window, direct.Rights, direct.Address, direct.Offset, 1);
        if (status == Status.Ok)
        {
            return true;
        }
        if (status == Status.MissingPageTable)
        {
            _cpu->FaultsLocal--;
            return false;
        }
        status = ResumeAndReceive();
        return true;
    }

    /// <summary>Maps, and supplies the page tables that are missing. What another CPU mapped meanwhile is as good.</summary>
    private Status MapAndReceive(
        ProtectionDomain* pd,
        ref Resolution resolution,
        FaultAccess access,
        ulong pointer,
        ulong address,
        ulong thread
    )
    {
        while (true)
        {
            Status status = MapSomeAndReceive(
                resolution.Window,
                resolution.Rights,
                resolution.Address,
                resolution.Offset,
                resolution.Pages
            );
            if (status == Status.Ok)
            {
                return Status.Ok;
            }
            if (status == Status.AlreadyMapped && resolution.Pages > 1)
            {
                // Behind it are pages that another fault has brought.
                resolution.Pages = 1;
                continue;
            }
            if (status != Status.MissingPageTable)
            {
                // The window went, or another CPU's pager was faster: the thread tries again and faults again if it must.
                return ResumeAndReceive();
            }
            if (!PageTableSupply.Add(_server, pd, resolution.Address, (int)_frame.Word0))
            {
                resolution.Outcome = FaultOutcome.OutOfResources;
                return Unresolved(pd, resolution, access, pointer, address, thread);
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
            bool isEmpty = result == Sessions.ResolveResult.NotPopulated;
            return isEmpty ? FaultOutcome.ForeignEmpty : FaultOutcome.ForeignFailed;
        }
        CapabilitySlot kept = _server->Keep(frame.Frame);
        if (kept.IsNull)
        {
            return FaultOutcome.OutOfResources;
        }
        Resolution forwarded = resolution;
        return _server->Mapping.CompleteForward(
            pd->Map,
            access,
            in forwarded,
            kept,
            frame.Offset,
            frame.Pages,
            _index,
            out resolution
        );
    }

    /// <summary>
    /// Puts the faulter aside and goes on with another Reply object; its region map's handler, or else its parent, is told. Who
    /// can't be put aside tries again, until it is handled or destroyed.
    /// </summary>
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
        DeferResult deferred = _server->Mapping.Defer(pd->Map, resolution, access, thread, held);
        if (deferred == DeferResult.Retry && held != null)
        {
            _server->Callers.Answer(held, HeldAnswer.Again);
        }
        else if (deferred is DeferResult.NoHandler or DeferResult.NotPaid)
        {
            _cpu->FaultsUnresolved++;
            var report = new CrashReport
            {
                Kind = FaultLabel.Page,
                Detail = address,
                InstructionPointer = pointer,
                Access = access,
                Outcome = deferred == DeferResult.NotPaid ? FaultOutcome.OutOfResources : resolution.Outcome,
            };
            ReportCrash(pd, thread, held, report);
        }
        return ReceiveBehind(held);
    }

    private Status HandleException(ProtectionDomain* pd)
    {
        var report = new CrashReport
        {
            Kind = (FaultLabel)new MessageInfo(_frame.Info).Label,
            Detail = _frame.Word0,
            InstructionPointer = _frame.Word1,
        };
        ulong thread = _frame.Word3;
        HeldCaller* held = PutAside();
        ReportCrash(pd, thread, held, report);
        return ReceiveBehind(held);
    }

    /// <summary>
    /// The next fault. A faulter that nothing holds is let go on: it faults again, or not, on its own time, and the Reply object
    /// that is bound is free. Nobody waits for it: neither this thread nor whoever destroys it.
    /// </summary>
    private Status ReceiveBehind(HeldCaller* held) => held == null ? ResumeAndReceive() : Receive();

    private readonly void ReportCrash(ProtectionDomain* pd, ulong thread, HeldCaller* held, in CrashReport report)
    {
        // The cookie is what the thread's maker gave it: a child that makes its own threads may name any.
        var record = (ThreadRecord*)_server->Objects.FindOf(&pd->Handles, thread, ObjectKind.Thread);
        Child* child = pd->Child;
        if (record != null)
        {
            // The thread was paused in its crash before, or another has its cookie: that one tries again.
            var before = (HeldCaller*)Interlocked.Exchange(ref *(ulong*)&record->Crashed, (ulong)held);
            if (before != null)
            {
                _server->Callers.Answer(before, HeldAnswer.Again);
            }
        }
        else if (held != null && child != null)
        {
            child->Held.Push(held);
        }
        if (child != null && child->State == ChildState.Running && child->TryEnd())
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
}
