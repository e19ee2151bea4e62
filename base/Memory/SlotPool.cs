using Skerry.Base.Kernel;

namespace Skerry.Base.Memory;

/// <summary>The free slots of a server's capability table: one bit each, set where the slot is free.</summary>
public unsafe struct SlotPool
{
    /// <summary>Protects the bits, the hint and the count.</summary>
    private ExclusiveLock _lock;
    private ulong* _free;
    private uint _first;
    private uint _words;
    private uint _hint;

    public uint FreeCount { get; private set; }

    /// <summary>Takes over the slots from <paramref name="first"/> on.</summary>
    /// <returns>False if the memory does not hold the bits.</returns>
    public bool Initialise(ServerMemory* memory, CapabilitySlot first, uint count)
    {
        _words = count / BitRuns.WordBits;
        _first = first.Value;
        _free = (ulong*)memory->TryTake(_words * sizeof(ulong));
        if (_free == null)
        {
            return false;
        }
        for (uint i = 0; i < _words; i++)
        {
            _free[i] = ulong.MaxValue;
        }
        FreeCount = _words * BitRuns.WordBits;
        return true;
    }

    /// <summary>An empty slot; the null slot if none is left.</summary>
    public CapabilitySlot TryTake() => TryTakeRun(1);

    /// <summary>The first of 1 to 32 empty slots that follow each other; the null slot if there are none.</summary>
    public CapabilitySlot TryTakeRun(int count)
    {
        CapabilitySlot taken = default;
        _lock.Acquire();
        for (uint i = 0; i < _words; i++)
        {
            uint word = _hint + i < _words ? _hint + i : _hint + i - _words;
            int bit = BitRuns.Find(_free[word], count);
            if (bit < BitRuns.WordBits)
            {
                _free[word] &= ~(BitRuns.Mask(count) << bit);
                _hint = word;
                FreeCount -= (uint)count;
                taken = new CapabilitySlot(_first + word * BitRuns.WordBits + (uint)bit);
                break;
            }
        }
        _lock.Release();
        return taken;
    }

    /// <summary>The slot must be empty.</summary>
    public void Give(CapabilitySlot slot) => GiveRun(slot, 1);

    public void GiveRun(CapabilitySlot first, int count)
    {
        uint index = first.Value - _first;
        _lock.Acquire();
        _free[index / BitRuns.WordBits] |= BitRuns.Mask(count) << (int)(index % BitRuns.WordBits);
        FreeCount += (uint)count;
        _lock.Release();
    }
}
