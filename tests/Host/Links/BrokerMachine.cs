using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Core.Links;
using Skerry.Tests.Host.Base;

namespace Skerry.Tests.Host.Links;

/// <summary>
/// The brokers of several clusters and what lies between them: notices under way, kept in order for each pair, and lost
/// only if the test says so. Slots stand for objects: ring of an end 1000 + index, its notification 2000 + index, a copy
/// of that 3000 + index, a doorbell 4000 + cluster, another cluster's memory 5000 and on.
/// </summary>
internal sealed unsafe class BrokerMachine : IDisposable
{
    public const uint Slots = 8;
    private const uint Copies = 1000;
    private readonly List<nint> _memory = [];
    private readonly ChannelBroker*[] _brokers;
    private readonly Dictionary<(int From, uint To), Queue<ChannelNotice>> _underWay = [];

    public BrokerMachine(int clusters, uint channels)
    {
        Channels = channels;
        _brokers = new ChannelBroker*[clusters];
        for (int i = 0; i < clusters; i++)
        {
            _brokers[i] = (ChannelBroker*)Allocate((ulong)sizeof(ChannelBroker));
            *_brokers[i] = new ChannelBroker(Allocate(ChannelBroker.BytesFor(channels)), channels, (uint)i);
            for (uint channel = 0; channel < channels; channel++)
            {
                _brokers[i]->SetSlots(channel, Slots);
            }
        }
    }

    public uint Channels { get; }

    public int Clusters => _brokers.Length;

    /// <summary>A carrier refuses as often as it answers true.</summary>
    public Func<bool> Refuses { get; set; } = static () => false;

    /// <summary>A carrier loses what it says it has taken: a broken one.</summary>
    public bool Loses { get; set; }

    /// <summary>How often each notification was signalled, by slot.</summary>
    public Dictionary<uint, int> Signals { get; } = [];

    public Dictionary<uint, ulong> RingAddresses { get; } = [];

    /// <summary>The physical addresses of frames made of other clusters' memory, by slot.</summary>
    public Dictionary<uint, ulong> Foreign { get; } = [];

    public bool OutOfMemory { get; set; }

    public int Pokes { get; private set; }

    public static NotificationCapability WakeOf(ChannelEndId end) => new(new CapabilitySlot(2000 + end.Index));

    public ref ChannelBroker this[int cluster] => ref *_brokers[cluster];

    public ChannelService<Resources> Service(int cluster, ChannelEndId end) =>
        new(_brokers[cluster], end, new Resources(this, end.Index));

    public ChannelResult Open(int cluster, ChannelEndId end) => Service(cluster, end).Open(WakeOf(end));

    public void Close(int cluster, ChannelEndId end)
    {
        var resources = new Resources(this, end.Index);
        _brokers[cluster]->Close(end, ref resources);
    }

    public bool Pump(int cluster)
    {
        var carrier = new Carrier(this, cluster);
        var resources = new Resources(this, 0);
        return _brokers[cluster]->Pump(ref carrier, ref resources);
    }

    public void Accept(int cluster, uint from, in ChannelNotice notice)
    {
        var resources = new Resources(this, 0);
        _brokers[cluster]->Accept(from, in notice, ref resources);
    }

    /// <summary>Delivers the oldest notice between some two clusters; false if none is under way.</summary>
    public bool Deliver(int choice)
    {
        (int From, uint To)[] waiting = [.. _underWay.Where(static p => p.Value.Count > 0).Select(static p => p.Key)];
        if (waiting.Length == 0)
        {
            return false;
        }
        (int from, uint to) = waiting[choice % waiting.Length];
        Accept((int)to, (uint)from, _underWay[(from, to)].Dequeue());
        return true;
    }

    /// <summary>Until nothing is due and nothing under way.</summary>
    public void Settle()
    {
        bool any = true;
        while (any)
        {
            any = false;
            for (int i = 0; i < Clusters; i++)
            {
                any |= Pump(i);
            }
            while (Deliver(0))
            {
                any = true;
            }
        }
    }

    public int WakeSleepers(int cluster)
    {
        var resources = new Resources(this, 0);
        int before = Signals.Values.Sum();
        _brokers[cluster]->WakeSleepers(ref resources);
        return Signals.Values.Sum() - before;
    }

    /// <summary>What an end receives into.</summary>
    public byte* Ring(ChannelEndId end) => (byte*)RingAddresses[1000 + end.Index];

    public void Dispose() => _memory.ForEach(static m => NativeMemory.AlignedFree((void*)m));

    private byte* Allocate(ulong bytes)
    {
        byte* memory = ChannelMemory.Allocate(bytes);
        _memory.Add((nint)memory);
        return memory;
    }

    private readonly struct Carrier(BrokerMachine machine, int cluster) : INoticeCarrier
    {
        public bool TrySend(uint to, in ChannelNotice notice)
        {
            if (machine.Refuses())
            {
                return false;
            }
            if (!machine.Loses)
            {
                if (!machine._underWay.TryGetValue((cluster, to), out Queue<ChannelNotice>? queue))
                {
                    machine._underWay[(cluster, to)] = queue = new Queue<ChannelNotice>();
                }
                queue.Enqueue(notice);
            }
            return true;
        }
    }

    public readonly struct Resources(BrokerMachine machine, uint end) : IChannelResources
    {
        public bool TryMakeRing(ulong bytes, out ChannelRing ring)
        {
            ring = default;
            if (machine.OutOfMemory)
            {
                return false;
            }
            byte* memory = machine.Allocate(bytes);
            machine.RingAddresses[1000 + end] = (ulong)memory;
            ring = new ChannelRing((ulong)memory, memory, Capability.In(new CapabilitySlot(1000 + end)));
            return true;
        }

        public NotificationCapability Keep(NotificationCapability brought) => brought;

        public void LetGo(NotificationCapability kept) { }

        public bool TryCopyForSignal(NotificationCapability notification, out NotificationCapability copy)
        {
            copy = new NotificationCapability(new CapabilitySlot(notification.Slot.Value + Copies));
            return true;
        }

        public bool TryMakeForeign(ulong physicalAddress, ulong bytes, out Capability dataspace)
        {
            uint slot = (uint)(5000 + machine.Foreign.Count);
            machine.Foreign[slot] = physicalAddress;
            dataspace = Capability.In(new CapabilitySlot(slot));
            return bytes == PairChannel<KernelDoorbell>.MemoryBytes((int)Slots);
        }

        public DoorbellCapability DoorbellOf(uint cluster) => new(new CapabilitySlot(4000 + cluster));

        public void Signal(NotificationCapability notification) =>
            machine.Signals[notification.Slot.Value] = machine.Signals.GetValueOrDefault(notification.Slot.Value) + 1;

        public void WakeBroker() => machine.Pokes++;
    }
}
