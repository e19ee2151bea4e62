using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// Draws arguments: mostly what the operation wants, sometimes what it must refuse. What is drawn depends on the worker's
/// sequence of numbers alone.
/// </summary>
internal ref struct Arguments(ref ulong state)
{
    private readonly ref ulong _state = ref state;

    /// <summary>What kind of slot Same is.</summary>
    private uint _type = 0;

    public ulong Word(Words words)
    {
        if (words.Low == Kind.None)
        {
            return 0;
        }
        if (Draw.Once(ref _state, 40))
        {
            return Wild();
        }
        ulong low = Value(words.Low);
        return words.High == Kind.None ? low : (uint)low | (Value(words.High) << 32);
    }

    /// <summary>The slot in rdi.</summary>
    public ulong Target(ObjectType type)
    {
        if (type == ObjectType.None || Draw.Once(ref _state, 40))
        {
            return Wild();
        }
        ulong slot = SlotOf((uint)type);
        // The same in a nested table, now and then.
        return Draw.Once(ref _state, 12) ? (slot << 32) | SlotOf((uint)ObjectType.CapTable) : slot;
    }

    public uint SlotOf(uint type)
    {
        switch (Draw.Below(ref _state, 24))
        {
            case 0:
                return Draw.Below(ref _state, Layout.TableSlots);
            case 1:
                return (uint)Wild();
            case 2:
                // In a nested table, by the short form of its address.
                uint table = Layout.FirstSlot(ObjectType.CapTable) + Draw.Below(ref _state, Layout.SlotsPerType);
                return (table << 24) | (type * Layout.SlotsPerType + Draw.Below(ref _state, Layout.SlotsPerType));
            default:
                // The first ones more often, so that threads meet.
                uint among = Draw.Once(ref _state, 2) ? 4 : Layout.SlotsPerType;
                return type * Layout.SlotsPerType + Draw.Below(ref _state, among);
        }
    }

    private uint AnyType() => Layout.FirstType + Draw.Below(ref _state, Layout.LastType - Layout.FirstType + 1);

    private ulong Value(Kind kind)
    {
        if ((uint)kind <= Layout.LastType)
        {
            return SlotOf((uint)kind);
        }
        switch (kind)
        {
            case Kind.Table:
                return Draw.Once(ref _state, 2) ? 0 : SlotOf((uint)ObjectType.CapTable);
            case Kind.Same:
                return SlotOf(_type == 0 ? AnyType() : _type);
            case Kind.Slot:
                _type = AnyType();
                return SlotOf(_type);
            case Kind.RetypeRequest:
                return Retype();
            case Kind.Count:
                return Draw.Once(ref _state, 16) ? Draw.Below(ref _state, 300) : 1 + Draw.Below(ref _state, 2);
            case Kind.Rights:
                return Draw.Below(ref _state, 3) == 0 ? Draw.Below(ref _state, 8) : 7;
            case Kind.Attributes:
                uint plain = Draw.Below(ref _state, 3) == 0 ? Draw.Below(ref _state, 8) : 7;
                return Draw.Once(ref _state, 4) ? Draw.Below(ref _state, 256) : plain;
            case Kind.Badge:
                return Draw.Once(ref _state, 8) ? 0 : Draw.Next(ref _state);
            case Kind.Number:
                return Draw.Below(ref _state, 1000);
            default:
                return Whole(kind);
        }
    }

    private ulong Whole(Kind kind)
    {
        switch (kind)
        {
            case Kind.Address:
                return Address();
            case Kind.Offset:
                return Draw.Below(ref _state, 3) == 0 ? Draw.Below(ref _state, 8) * UserLayout.PageSize : 0;
            case Kind.Pages:
                return 1 + Draw.Below(ref _state, 4);
            case Kind.Level:
                return Draw.Below(ref _state, 4) == 0 ? Draw.Below(ref _state, 6) : 1 + Draw.Below(ref _state, 3);
            case Kind.Priority:
                return Draw.Below(ref _state, 64);
            case Kind.Microseconds:
                return Draw.Once(ref _state, 3) ? 0 : 1ul << (int)Draw.Below(ref _state, 24);
            case Kind.Share:
                return Draw.Once(ref _state, 2) ? SchedShare.Whole : Draw.Below(ref _state, SchedShare.Whole);
            case Kind.Physical:
                // Far above all memory and all devices of the machines that this runs on.
                return 0x40_0000_0000 + Draw.Below(ref _state, 1024) * UserLayout.PageSize;
            case Kind.Port:
                return 0x3f0 + Draw.Below(ref _state, 24);
            case Kind.ScratchPort:
                return 0x3ff;
            case Kind.Counter:
                return Draw.Below(ref _state, 16);
            case Kind.ApicId:
                return Draw.Below(ref _state, Supervisor.Cpus);
            case Kind.Cpu:
                return Draw.Below(ref _state, Draw.Once(ref _state, 16) ? 64 : Supervisor.Cpus);
            case Kind.GlobalInterrupt:
                return Draw.Below(ref _state, 26);
            case Kind.InterruptFlags:
                return Draw.Below(ref _state, 8);
            case Kind.Flag:
                return Draw.Below(ref _state, Draw.Once(ref _state, 8) ? 8u : 2u);
            case Kind.ThreadFaults:
                return Draw.Once(ref _state, 2) ? Draw.Below(ref _state, 16) : 0;
            case Kind.Breakpoint:
                ulong length = 1ul << (int)Draw.Below(ref _state, 4);
                return Draw.Below(ref _state, 5) | ((Draw.Below(ref _state, 4) | (length << 8)) << 32);
            case Kind.InstructionPointer:
                return Draw.Once(ref _state, 4) ? Address() : SystemCalls.ThreadStartAddress;
            case Kind.StackPointer:
                return Layout.Touched + Draw.Below(ref _state, 16) * 4 * UserLayout.PageSize;
            case Kind.Argument:
                return Draw.Next(ref _state);
            default:
                return 0;
        }
    }

    private ulong Retype()
    {
        uint last = (uint)ObjectType.Notification + 1;
        _type = Draw.Once(ref _state, 32) ? last + Draw.Below(ref _state, 24) : 1 + Draw.Below(ref _state, last - 1);
        uint sizeBits =
            _type == (uint)ObjectType.Untyped ? 6 + Draw.Below(ref _state, 8)
            : _type == (uint)ObjectType.CapTable ? 1 + Draw.Below(ref _state, 6)
            : 0;
        uint cpu = Draw.Below(ref _state, Draw.Once(ref _state, 16) ? 64 : Supervisor.Cpus);
        return _type | (sizeBits << 8) | (cpu << 16);
    }

    /// <summary>User addresses of pages, where something is mapped or could be.</summary>
    private ulong Address()
    {
        ulong page = Draw.Below(ref _state, (uint)Layout.TouchedPages) * UserLayout.PageSize;
        switch (Draw.Below(ref _state, 8))
        {
            case 0:
                // Where tables are missing: a gibibyte each.
                return UserLayout.AttachBase + (2 + Draw.Below(ref _state, 4)) * 0x4000_0000ul + page;
            case 1:
                return UserLayout.StackAreaBase + page;
            case 3:
                // Where a large page could be.
                return UserLayout.AttachBase + (2 + Draw.Below(ref _state, 4)) * 0x4000_0000ul;
            case 2:
                return UserLayout.UserEnd - UserLayout.PageSize - page;
            default:
                return Layout.Touched + page;
        }
    }

    /// <summary>What nothing wants.</summary>
    private ulong Wild() =>
        Draw.Below(ref _state, 14) switch
        {
            0 => 0,
            1 => 1,
            2 => ulong.MaxValue,
            3 => uint.MaxValue,
            4 => 1ul << 63,
            5 => 0x0000_8000_0000_0000,
            6 => 0xffff_8000_0000_0000 + Draw.Below(ref _state, 1 << 20),
            7 => 0xffff_ffff_8000_0000 + Draw.Below(ref _state, 1 << 20),
            8 => UserLayout.UserEnd,
            9 => Layout.Touched + 1,
            10 => Layout.TableSlots,
            11 => Layout.TableSlots + Draw.Below(ref _state, 1 << 20),
            12 => (1ul << 32) | Draw.Below(ref _state, Layout.TableSlots),
            _ => Draw.Next(ref _state),
        };
}
