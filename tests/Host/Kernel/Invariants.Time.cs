using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Objects;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Scheduling contexts: one holder at most, which they know; those without time wait for it where their holder runs.</summary>
internal sealed unsafe partial class Invariants
{
    private void CheckTime()
    {
        var holders = new Dictionary<nint, nint>();
        foreach (nint address in _threads)
        {
            var thread = (Thread*)address;
            if (thread->SchedContext != null && !holders.TryAdd((nint)thread->SchedContext, address))
            {
                _broken.Add("two threads run on one context");
            }
        }
        Dictionary<nint, uint> waiting = CheckRefills();
        foreach (nint address in _contexts)
        {
            var context = (SchedContext*)address;
            var holder = (Thread*)holders.GetValueOrDefault(address);
            Require(IsThread(context->Owner), "a context's owner is gone");
            Require(
                context->Owner == null || !IsThread(context->Owner) || context->Owner->OwnSchedContext == context,
                "a context's owner has another"
            );
            Require(context->Holder == holder, "a context's holder is not who runs on it");
            bool waits = waiting.TryGetValue(address, out uint cpu);
            Require(
                !waits || (holder != null && holder->Cpu == cpu),
                "a context waits for its refill on another CPU than its holder's"
            );
            bool stuck =
                holder != null
                && holder->State == ThreadState.Ready
                && holder->Root != 0
                && context->Remaining == 0
                && !waits;
            Require(!stuck || _queuedIn.ContainsKey((nint)holder), "a thread waits for time that never comes");
        }
        CheckCharged();
    }

    private Dictionary<nint, uint> CheckRefills()
    {
        var waiting = new Dictionary<nint, uint>();
        for (uint i = 0; i < _world.CpuCount; i++)
        {
            ulong last = 0;
            for (SchedContext* context = _world.Cpu(i)->Refills; context != null; context = context->NextRefill)
            {
                if (!_contexts.Contains((nint)context) || !waiting.TryAdd((nint)context, i))
                {
                    _broken.Add("a context waits twice for its refill, or is gone");
                    break;
                }
                Require(context->Remaining == 0, "a context with time left waits for its refill");
                Require(context->RefillAt >= last, "contexts do not wait in the order of their refills");
                last = context->RefillAt;
            }
        }
        return waiting;
    }

    private void CheckCharged()
    {
        for (uint i = 0; i < _world.CpuCount; i++)
        {
            Cpu* cpu = _world.Cpu(i);
            bool live =
                cpu->Charged == null
                || _contexts.Contains((nint)cpu->Charged)
                || cpu->Charged == _world.Operator(i)->OwnSchedContext;
            Require(live, "a context that is gone is charged");
            Require(
                cpu->Current == null || cpu->Charged == cpu->Current->SchedContext,
                "another context is charged than the current thread's"
            );
        }
    }
}
