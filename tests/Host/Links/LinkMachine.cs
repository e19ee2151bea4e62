using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Base.Channels;
using Skerry.Core.Links;
using Skerry.Tests.Host.Base;

namespace Skerry.Tests.Host.Links;

/// <summary>The inbound areas and link tables of several clusters, in native memory, laid out as on the machine.</summary>
internal sealed unsafe class LinkMachine<TProtocol> : IDisposable
    where TProtocol : struct, ILinkProtocol
{
    private readonly byte*[] _inbound;
    private readonly byte*[] _memory;
    private readonly LinkTable<HostDoorbell.Handle, TProtocol>*[] _tables;

    /// <summary>Uses the first doorbells of <see cref="HostDoorbell.All"/>: one for each cluster.</summary>
    public LinkMachine(int clusters, int slots)
    {
        Clusters = clusters;
        _inbound = new byte*[clusters];
        _memory = new byte*[clusters];
        _tables = new LinkTable<HostDoorbell.Handle, TProtocol>*[clusters];
        ulong linkBytes = LinkTable<HostDoorbell.Handle, TProtocol>.BytesFor((uint)clusters);
        for (int i = 0; i < clusters; i++)
        {
            HostDoorbell.All[i] = new HostDoorbell();
            _inbound[i] = ChannelMemory.Allocate(ChannelLayout.InboundBytes((uint)clusters));
            _memory[i] = ChannelMemory.Allocate(linkBytes + (ulong)sizeof(LinkTable<HostDoorbell.Handle, TProtocol>));
            _tables[i] = (LinkTable<HostDoorbell.Handle, TProtocol>*)(_memory[i] + linkBytes);
            *_tables[i] = new LinkTable<HostDoorbell.Handle, TProtocol>(
                _memory[i],
                (uint)i,
                (uint)clusters,
                _inbound[i],
                slots
            );
        }
        for (int own = 0; own < clusters; own++)
        {
            for (int peer = 0; peer < clusters; peer++)
            {
                if (peer != own)
                {
                    byte* outbound = _inbound[peer] + ChannelLayout.RingOffset((uint)own);
                    this[own].Connect((uint)peer, Control(peer), outbound, new HostDoorbell.Handle(peer));
                }
            }
        }
    }

    public int Clusters { get; }

    public ref LinkTable<HostDoorbell.Handle, TProtocol> this[int cluster] => ref *_tables[cluster];

    public ReceiverControl* Control(int cluster) => (ReceiverControl*)_inbound[cluster];

    public void Dispose()
    {
        for (int i = 0; i < Clusters; i++)
        {
            NativeMemory.AlignedFree(_inbound[i]);
            NativeMemory.AlignedFree(_memory[i]);
        }
    }
}
