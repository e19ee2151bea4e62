using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.Servers.Faults;

/// <summary>
/// The records of those that hold nobody, for each CPU. Their Reply objects are made a page at a time on the CPU that
/// needs them, and stay there.
/// </summary>
public unsafe struct FreeCallers
{
    private const uint RepliesPerBlock = 32;

    /// <summary>Protects the lists.</summary>
    private ExclusiveLock _lock;
    private Server* _server;
    private Lists _lists;

    public void Initialise(Server* server) => _server = server;

    /// <returns>Null if memory, slots or records are used up.</returns>
    public HeldCaller* TryTake(uint cpu)
    {
        _lock.Acquire();
        ref HeldCaller* first = ref _lists[(int)cpu].First;
        if (first == null)
        {
            Grow(cpu);
        }
        HeldCaller* taken = first;
        if (taken != null)
        {
            first = taken->Next;
        }
        _lock.Release();
        return taken;
    }

    public void Give(HeldCaller* caller)
    {
        _lock.Acquire();
        Push(ref _lists[(int)caller->Cpu].First, caller);
        _lock.Release();
    }

    /// <summary>Makes a page of Reply objects free, or as many as there are records for.</summary>
    private void Grow(uint cpu)
    {
        uint count = TakeRecords(out HeldCaller* records);
        UntypedBlock* block = count == 0 ? null : _server->Untyped.TryAllocate(UntypedAllocator<ServerKernel>.PageBits);
        CapabilitySlot first = block == null ? default : _server->Slots.TryTakeRun((int)count);
        Status status = first.IsNull
            ? Status.OutOfMemory
            : new UntypedCapability(block->Slot).Retype(
                ObjectType.Reply,
                0,
                _server->Cpus[(int)cpu].ClusterIndex,
                count,
                CapTableCapability.Own,
                first,
                0
            );
        if (status != Status.Ok)
        {
            Undo(block, first, count, records);
            return;
        }
        for (uint i = 0; i < count; i++)
        {
            HeldCaller* caller = records;
            records = caller->Next;
            *caller = new HeldCaller { Reply = first.Next(i), Cpu = cpu };
            Push(ref _lists[(int)cpu].First, caller);
        }
    }

    /// <returns>How many there are, up to a block's, each behind the other.</returns>
    private readonly uint TakeRecords(out HeldCaller* records)
    {
        records = null;
        uint count = 0;
        while (count < RepliesPerBlock)
        {
            HeldCaller* record = _server->CallerRecords.TryTake();
            if (record == null)
            {
                break;
            }
            Push(ref records, record);
            count++;
        }
        return count;
    }

    private readonly void Undo(UntypedBlock* block, CapabilitySlot first, uint count, HeldCaller* records)
    {
        if (!first.IsNull)
        {
            _server->Slots.GiveRun(first, (int)count);
        }
        if (block != null)
        {
            _server->Untyped.Free(block);
        }
        while (records != null)
        {
            HeldCaller* record = records;
            records = record->Next;
            _server->CallerRecords.Give(record);
        }
    }

    private static void Push(ref HeldCaller* first, HeldCaller* caller)
    {
        caller->Next = first;
        first = caller;
    }

    private struct List
    {
        public HeldCaller* First;
    }

    [InlineArray(Server.MaximumCpus)]
    private struct Lists
    {
        private List _list;
    }
}
