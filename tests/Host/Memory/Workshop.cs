using System;
using System.Runtime.InteropServices;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;

namespace Skerry.Tests.Host.Memory;

/// <summary>A server's allocators over a model of the kernel: 1 MiB of untyped memory at address 1 MiB.</summary>
public sealed unsafe class Workshop : IDisposable
{
    public const int RootBits = 20;
    public const ulong RootBase = 1ul << RootBits;
    private const nuint Bytes = 4 << 20;
    private readonly void* _memory = NativeMemory.AlignedAlloc(Bytes, 4096);
    private readonly State* _state;

    public Workshop()
    {
        NativeMemory.Clear(_memory, Bytes);
        _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
        Kernel.AddUntyped(new CapabilitySlot(1), RootBase, RootBits);
        _state->Memory = new ServerMemory((byte*)_memory, Bytes);
        _state->Slots.Initialise(&_state->Memory, new CapabilitySlot(64), 8192);
        _state->Blocks = new Slab<UntypedBlock>(&_state->Memory);
        var kernel = new FakeKernel(Kernel.Number);
        _state->Untyped.Initialise(kernel, &_state->Slots, &_state->Blocks);
        _state->Untyped.AddRoot(new CapabilitySlot(1), RootBase, RootBits);
        _state->Records.OpenOwn(&_state->Memory);
        _state->Ram.Initialise(kernel, &_state->Records, &_state->Slots, &_state->Untyped);
        _state->Mapping.Initialise(kernel, &_state->Records, &_state->Slots, &_state->Ram);
    }

    public KernelModel Kernel { get; } = new();

    public ref UntypedAllocator<FakeKernel> Untyped => ref _state->Untyped;

    public ref RamAllocator<FakeKernel> Ram => ref _state->Ram;

    public ref MappingLibrary<FakeKernel> Mapping => ref _state->Mapping;

    public uint RecordsInUse => _state->Records.InUse;

    public CapabilitySlot TakeSlot() => _state->Slots.TryTake();

    public uint FreeSlots => _state->Slots.FreeCount;

    public void Dispose()
    {
        NativeMemory.Free(_state);
        NativeMemory.AlignedFree(_memory);
    }

    private struct State
    {
        public ServerMemory Memory;
        public SlotPool Slots;
        public Slab<UntypedBlock> Blocks;
        public RecordPool Records;
        public UntypedAllocator<FakeKernel> Untyped;
        public RamAllocator<FakeKernel> Ram;
        public MappingLibrary<FakeKernel> Mapping;
    }
}
