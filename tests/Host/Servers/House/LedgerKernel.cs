using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>
/// A kernel that keeps nothing but capabilities: which slot of which table holds which, and what was derived from what. A slot
/// that is full, empty or not there is refused as the kernel refuses it; what objects would do is left out, but for Reply
/// objects: one that is exchanged for another holds somebody until it is answered, and no thread takes it before.
/// </summary>
internal sealed class LedgerKernel : IKernelDouble
{
    public const int OwnTable = 0;
    public const uint SlotsOfATable = 1024;
    private readonly Dictionary<int, Dictionary<uint, HeldCapability>> _tables = [];
    private readonly Dictionary<int, int> _copies = [];

    /// <summary>The Reply object that each thread has, and those that hold somebody; by number.</summary>
    private readonly Dictionary<int, int> _bound = [];
    private readonly HashSet<int> _holding = [];
    private int _objects;

    /// <summary>Answers through Reply objects: which, the status of the call, its first two words.</summary>
    public List<(uint Reply, ulong Label, ulong Word0, ulong Word1)> Answers { get; } = [];

    /// <summary>What the server's parent says of the size of any dataspace; 0 if the server has no parent.</summary>
    public ulong ForeignBytes { get; init; }

    /// <summary>Capabilities in all tables.</summary>
    public int Count { get; private set; }

    /// <summary>Puts one there from the beginning.</summary>
    public HeldCapability Give(ObjectType type, uint slot, ulong bytes = 0) =>
        Add(null, type, 0, ++_objects, (OwnTable, slot), bytes);

    public HeldCapability? At(int table, uint slot) => Table(table).GetValueOrDefault(slot);

    /// <summary>The slots of a table that hold something.</summary>
    public uint[] SlotsOf(int table) => [.. Table(table).Keys];

    /// <summary>The number of the table that a slot of the server's designates.</summary>
    public int TableIn(uint slot) =>
        slot is 0 or (uint)InitialSlot.CapTable ? OwnTable
        : At(OwnTable, slot) is { Type: ObjectType.CapTable } table ? table.Object
        : -1;

    /// <summary>A copy below its source, as a message makes it.</summary>
    public Status Copy(HeldCapability? source, int table, uint slot, ulong? badge = null)
    {
        Status status = source == null ? Status.InvalidCapability : Room(table, slot, 1);
        if (status == Status.Ok)
        {
            Add(source, source!.Type, badge ?? source.Badge, source.Object, (table, slot), source.Bytes);
        }
        return status;
    }

    public void Delete(int table, uint slot) => Remove(At(table, slot)!);

    /// <summary>The thread takes a caller or faulter.</summary>
    public void Hold(uint thread) => _holding.Add(BoundTo(thread));

    /// <summary>It holds one, and so can't receive.</summary>
    public bool Holds(uint thread) => _holding.Contains(BoundTo(thread));

    /// <summary>It answers.</summary>
    /// <returns>False if it held nobody.</returns>
    public bool LetGo(uint thread) => _holding.Remove(BoundTo(thread));

    public Status Trap(ref SystemCallFrame frame)
    {
        HeldCapability? named = At(OwnTable, (uint)frame.Address);
        switch ((SystemCall)frame.Number)
        {
            case SystemCall.Invoke when frame.Address == (ulong)InitialSlot.CapTable:
                return OnTable(OwnTable, ref frame);
            case SystemCall.Invoke when named != null:
                return Invoke(named, ref frame);
            case SystemCall.Call when frame.Address == (ulong)StartupSlot.Pd && ForeignBytes != 0:
                frame.Info = MessageInfo.Of((ulong)RpcStatus.Ok, 2).Value;
                (frame.Word0, frame.Word1) = ((ulong)DataspaceResult.Ok, ForeignBytes);
                return Status.Ok;
            case SystemCall.Signal when named != null:
                return named.Type == ObjectType.Notification ? Status.Ok : Status.WrongObjectType;
            case SystemCall.NBSend when named is { Type: ObjectType.Reply } && !_holding.Remove(named.Object):
                return Status.NoCaller;
            case SystemCall.NBSend when named != null:
                Answers.Add(((uint)frame.Address, new MessageInfo(frame.Info).Label, frame.Word0, frame.Word1));
                return Status.Ok;
            default:
                return Status.InvalidCapability;
        }
    }

    private Status Invoke(HeldCapability named, ref SystemCallFrame frame)
    {
        ulong operation = new MessageInfo(frame.Info).Label;
        switch (named.Type)
        {
            case ObjectType.Untyped when operation == (ulong)UntypedOperation.Retype:
                return Retype(named, in frame);
            case ObjectType.CapTable:
                return OnTable(named.Object, ref frame);
            case ObjectType.Frame when operation == (ulong)FrameOperation.Map:
                frame.Word0 = frame.Word3;
                return Status.Ok;
            case ObjectType.Frame when operation == (ulong)FrameOperation.Derive:
                return Copy(named, TableIn((uint)frame.Word0), (uint)(frame.Word0 >> 32));
            case ObjectType.Thread:
                return OnThread(named, operation, ref frame);
            default:
                return Status.Ok;
        }
    }

    private Status OnThread(HeldCapability thread, ulong operation, ref SystemCallFrame frame)
    {
        switch ((ThreadOperation)operation)
        {
            case ThreadOperation.SetReply:
                return At(OwnTable, (uint)frame.Word0) is { Type: ObjectType.Reply } reply
                    ? SetReply(thread, reply)
                    : Status.InvalidCapability;
            case ThreadOperation.ReadRegisters:
                frame.Word3 = (ulong)ThreadState.Inactive;
                return Status.Ok;
            case ThreadOperation.WriteRegisters:
                return frame.Word0 < UserLayout.UserEnd && frame.Word1 < UserLayout.UserEnd
                    ? Status.Ok
                    : Status.InvalidAddress;
            case ThreadOperation.BindNotification:
                // The null slot: none is bound any more.
                return (uint)frame.Word0 == 0 || At(OwnTable, (uint)frame.Word0)?.Type == ObjectType.Notification
                    ? Status.Ok
                    : Status.InvalidCapability;
            default:
                return Status.Ok;
        }
    }

    /// <summary>Whoever asks works for somebody, who stays in the one before.</summary>
    private Status SetReply(HeldCapability thread, HeldCapability reply)
    {
        if (_holding.Contains(reply.Object))
        {
            return Status.InvalidState;
        }
        if (_bound.TryGetValue(thread.Object, out int before))
        {
            _holding.Add(before);
        }
        _bound[thread.Object] = reply.Object;
        return Status.Ok;
    }

    private int BoundTo(uint thread) => _bound[At(OwnTable, thread)!.Object];

    private Status OnTable(int table, ref SystemCallFrame frame)
    {
        uint low = (uint)frame.Word0;
        HeldCapability? source = At(TableIn((uint)(frame.Word0 >> 32)), (uint)frame.Word1);
        switch ((CapTableOperation)new MessageInfo(frame.Info).Label)
        {
            case CapTableOperation.Copy:
                return Copy(source, table, low);
            case CapTableOperation.Mint:
                return Copy(source, table, low, frame.Word2);
            case CapTableOperation.Move:
                return Move(source, table, low);
            case CapTableOperation.Delete when At(table, low) is { } held:
                Remove(held);
                return Status.Ok;
            case CapTableOperation.Revoke when At(table, low) is { } held:
                while (held.Derived.Count != 0)
                {
                    RemoveAll(held.Derived[^1]);
                }
                held.Taken = 0;
                return Status.Ok;
            case CapTableOperation.Delete or CapTableOperation.Revoke:
                return Status.InvalidCapability;
            default:
                return Status.UnknownOperation;
        }
    }

    private Status Move(HeldCapability? source, int table, uint slot)
    {
        Status status = source == null ? Status.InvalidCapability : Room(table, slot, 1);
        if (status == Status.Ok)
        {
            Table(source!.Place.Table).Remove(source.Place.Slot);
            Table(table).Add(slot, source);
            source.Place = (table, slot);
        }
        return status;
    }

    private Status Retype(HeldCapability untyped, in SystemCallFrame frame)
    {
        var type = (ObjectType)(byte)frame.Word0;
        int bits = (byte)(frame.Word0 >> 8);
        uint count = (uint)(frame.Word0 >> 32);
        int table = TableIn((uint)frame.Word1);
        uint first = (uint)(frame.Word1 >> 32);
        ulong bytes = ObjectBytes.Of(type, bits, frame.Word2);
        untyped.Taken = untyped.Derived.Count == 0 ? 0 : untyped.Taken;
        Status status = Room(table, first, count);
        if (status == Status.Ok && count * bytes > untyped.Bytes - untyped.Taken)
        {
            status = Status.OutOfMemory;
        }
        for (uint i = 0; status == Status.Ok && i < count; i++)
        {
            untyped.Taken += bytes;
            Add(untyped, type, 0, ++_objects, (table, first + i), bytes);
        }
        return status;
    }

    private Status Room(int table, uint first, uint count)
    {
        bool isThere = table == OwnTable || (table > 0 && first != 0 && first + count <= SlotsOfATable);
        for (uint i = 0; isThere && i < count; i++)
        {
            if (Table(table).ContainsKey(first + i))
            {
                return Status.SlotOccupied;
            }
        }
        return isThere ? Status.Ok : Status.InvalidCapability;
    }

    private HeldCapability Add(
        HeldCapability? parent,
        ObjectType type,
        ulong badge,
        int id,
        (int Table, uint Slot) place,
        ulong bytes
    )
    {
        var added = new HeldCapability
        {
            Type = type,
            Badge = badge,
            Object = id,
            Parent = parent,
            Place = place,
            Bytes = bytes,
        };
        parent?.Derived.Add(added);
        Table(place.Table).Add(place.Slot, added);
        _copies[id] = _copies.GetValueOrDefault(id) + 1;
        Count++;
        return added;
    }

    private void RemoveAll(HeldCapability held)
    {
        while (held.Derived.Count != 0)
        {
            RemoveAll(held.Derived[^1]);
        }
        Remove(held);
    }

    /// <summary>What was derived from it hangs below its parent then. A table goes with its last capability.</summary>
    private void Remove(HeldCapability held)
    {
        if (!Table(held.Place.Table).Remove(held.Place.Slot))
        {
            return;
        }
        Count--;
        held.Parent?.Derived.Remove(held);
        foreach (HeldCapability derived in held.Derived)
        {
            derived.Parent = held.Parent;
            held.Parent?.Derived.Add(derived);
        }
        held.Derived.Clear();
        if (--_copies[held.Object] == 0)
        {
            _copies.Remove(held.Object);
            foreach (uint slot in SlotsOf(held.Object))
            {
                if (At(held.Object, slot) is { } inside)
                {
                    Remove(inside);
                }
            }
            _tables.Remove(held.Object);
        }
    }

    private Dictionary<uint, HeldCapability> Table(int table)
    {
        if (!_tables.TryGetValue(table, out Dictionary<uint, HeldCapability>? slots))
        {
            slots = [];
            _tables.Add(table, slots);
        }
        return slots;
    }
}
