using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Channels;

/// <summary>
/// RPC with all peers of one cluster: sends calls, matches replies, and serves the peers' requests.
/// </summary>
/// <remarks>
/// One thread uses a hub; the cluster's other threads ask that one by local RPC. While a call waits for its reply, the
/// requests of all peers are served in between, so that clusters can call each other at the same time, in a circle too.
/// A peer whose kernel has stopped never answers.
/// </remarks>
public unsafe struct ChannelHub<TDoorbell, THost>
    where TDoorbell : unmanaged, IDoorbell
    where THost : unmanaged, IChannelHost
{
    private readonly ChannelLink<TDoorbell>* _links;
    private readonly int _count;
    private readonly PendingSet<StrictOrder> _pending;
    private THost _host;
    private PendingCall* _calls;
    private uint _lastCall;
    private int _lastPeer;

    // Safety: links and control stay where they are as long as the hub is used.
    /// <param name="links">One for each peer, by its index; the own place is never used.</param>
    /// <param name="count">How many.</param>
    /// <param name="control">The own control lines.</param>
    /// <param name="host">Serves requests and waits.</param>
    public ChannelHub(ChannelLink<TDoorbell>* links, int count, ReceiverControl* control, THost host)
    {
        _links = links;
        _count = count;
        _pending = new PendingSet<StrictOrder>(control);
        _host = host;
        _calls = null;
        _lastCall = 0;
        _lastPeer = 0;
    }

    /// <summary>Calls an object of a peer and waits for the reply.</summary>
    public RpcStatus Call(int peer, ulong remoteObject, ref RpcMessage message)
    {
        if ((uint)peer >= (uint)_count || message.CapabilityCount != 0)
        {
            // Capabilities mean nothing outside their kernel.
            return RpcStatus.NotDelivered;
        }
        fixed (RpcMessage* reply = &message)
        {
            var call = new PendingCall
            {
                Call = ++_lastCall,
                Peer = peer,
                Reply = reply,
                Next = _calls,
            };
            _calls = &call;
            message.Badge = remoteObject;
            while (!_links[peer].TrySend(RpcFrameKind.Request, call.Call, ref message))
            {
                Relax(Poll());
            }
            WaitFor(&call);
            Forget(&call);
        }
        return (RpcStatus)message.Label.Method;
    }

    /// <summary>Serves for ever.</summary>
    public void Serve()
    {
        var never = new PendingCall();
        WaitFor(&never);
    }

    /// <summary>Handles what has arrived; false if nothing had.</summary>
    public bool Poll()
    {
        bool any = false;
        while (_pending.TryTake(ref _lastPeer))
        {
            any = true;
            if (_lastPeer < _count)
            {
                Drain(_lastPeer);
            }
        }
        return any;
    }

    [SkipLocalsInit]
    private void Drain(int peer)
    {
        RpcMessage message;
        while (_links[peer].TryReceive(ref *&message, out RpcFrameKind kind, out uint call))
        {
            if (kind == RpcFrameKind.Reply)
            {
                Complete(peer, call, ref *&message);
            }
            else
            {
                Answer(peer, call, ref *&message);
            }
        }
    }

    [SkipLocalsInit]
    private void Answer(int peer, uint call, ref RpcMessage request)
    {
        RpcMessage reply;
        _ = new MessageWriter(ref *&reply, RpcLabel.Reply(RpcStatus.UnknownMethod));
        if (!_host.Handle(ref request, ref *&reply))
        {
            return;
        }
        if ((&reply)->CapabilityCount != 0)
        {
            _ = new MessageWriter(ref *&reply, RpcLabel.Reply(RpcStatus.NotDelivered));
        }
        (&reply)->Badge = 0;
        // A ring has room for the replies to all calls that the peer can have waiting, unless the peer is behind with
        // reading; it reads while it waits for this.
        while (!_links[peer].TrySend(RpcFrameKind.Reply, call, ref *&reply))
        {
            Processor.Yield();
        }
    }

    /// <summary>A reply that nobody waits for is dropped: its peer answered twice, or what was never asked.</summary>
    private readonly void Complete(int peer, uint call, ref RpcMessage message)
    {
        for (PendingCall* pending = _calls; pending != null; pending = pending->Next)
        {
            if (pending->Call == call && pending->Peer == peer && !pending->IsDone)
            {
                RpcMessage* reply = pending->Reply;
                reply->Label = message.Label;
                reply->Badge = 0;
                reply->Length = message.Length;
                reply->CapabilityCount = 0;
                for (int i = 0; i < message.Length; i++)
                {
                    reply->Words[i] = message.Words[i];
                }
                pending->IsDone = true;
                return;
            }
        }
    }

    private void WaitFor(PendingCall* call)
    {
        int idle = 0;
        while (!call->IsDone)
        {
            if (Poll())
            {
                idle = 0;
            }
            else if (++idle >= ChannelLayout.PollsBeforeSleep && _pending.TrySleep())
            {
                _host.WaitForDoorbell();
                _pending.Awake();
                idle = 0;
            }
        }
    }

    /// <summary>Calls end in the reverse order of their beginning: the first of the list is the innermost.</summary>
    private void Forget(PendingCall* call) => _calls = call->Next;

    private static void Relax(bool progress)
    {
        if (!progress)
        {
            Processor.Yield();
        }
    }
}
