using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Unruly;

/// <summary>Offers a service, and does with its requests what nobody hopes for; or tells what it is told of them.</summary>
internal struct OddService(OddServiceKind kind) : IMessageHandler, IRoot, IPing
{
    private const ulong Failed = 2;
    private const int KeptMaps = 8;

    private ulong _open;
    private ulong _closed;
    private Maps _kept;
    private uint _keptCount;

    public static ulong Run(in Environment environment, OddServiceKind kind)
    {
        if (kind == OddServiceKind.EndsFirst)
        {
            return ExitValue.Success;
        }
        if (kind == OddServiceKind.NeverAsks)
        {
            return AnnounceOnly(in environment);
        }
        if (
            ServiceEndpoint.Open(in environment, 0, out ServiceEndpoint endpoint) != AllocationResult.Ok
            || endpoint.Announce(in environment, "Odd"u8) != ParentResult.Ok
        )
        {
            return Failed;
        }
        if (kind == OddServiceKind.Ends)
        {
            return ExitValue.Success;
        }
        var service = new OddService(kind);
        endpoint.ServeOnCallers(in environment, ref service);
        return Failed;
    }

    public bool Handle(ref RpcMessage request, ref RpcMessage reply)
    {
        if (request.Badge == ServiceEndpoint.RootBadge)
        {
            RootDispatch.Dispatch(ref this, ref request, ref reply);
        }
        else
        {
            PingDispatch.Dispatch(ref this, ref request, ref reply);
        }
        return true;
    }

    public SessionResult Open(
        SessionId session,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation
    )
    {
        switch (kind)
        {
            case OddServiceKind.Spins:
                while (true)
                {
                    Processor.Yield();
                }
            case OddServiceKind.Crashes:
                Crash();
                return SessionResult.Denied;
            case OddServiceKind.Refuses:
                return SessionResult.Denied;
        }
        if (kind == OddServiceKind.Keeps)
        {
            if (_keptCount != 0)
            {
                GiveBack();
            }
            return SessionResult.Ok;
        }
        if (_open++ == 0)
        {
            Tell(label, arguments, affinity, donation);
        }
        return SessionResult.Ok;
    }

    public SessionResult Close(SessionId session)
    {
        if (kind == OddServiceKind.Keeps && _closed == 0)
        {
            Keep();
        }
        _closed++;
        Span<byte> buffer = stackalloc byte[80];
        var text = new TextBuilder(buffer);
        if (_closed % 500 == 0)
        {
            text.Append("opened "u8).AppendDecimal(_open).Append(", closed "u8).AppendDecimal(_closed).AppendLine();
            Environment.Current.Log.Write(text.Text);
        }
        return SessionResult.Ok;
    }

    /// <summary>It takes as many milliseconds as the value says.</summary>
    public PingResult Increment(ulong value, out ulong result)
    {
        CallersThatEnd.Await(Environment.Current, value);
        result = value + 1;
        return PingResult.Ok;
    }

    /// <summary>All capabilities that it has, what its client gave among them.</summary>
    private void Keep()
    {
        Environment environment = Environment.Current;
        while (environment.Rm.Create(UserLayout.PageSize, out RegionMapCapability map) == RegionMapResult.Ok)
        {
            _kept[(int)(_keptCount++ % KeptMaps)] = map;
        }
    }

    /// <summary>As many as its client gave, and more.</summary>
    private void GiveBack()
    {
        for (int i = 0; i < KeptMaps; i++)
        {
            Environment.Current.Rm.Destroy(_kept[i]);
            CapabilitySlots.Release(_kept[i].Capability.Slot);
        }
    }

    private static unsafe void Crash() => Volatile.Write(ref *(ulong*)8, 1ul);

    /// <summary>Its parent is told of a service, and nobody ever asks what there is to do.</summary>
    private static ulong AnnounceOnly(in Environment environment)
    {
        environment.Pd.AllocateNotification(0, out NotificationCapability requests);
        environment.Parent.Announce("Odd"u8, requests);
        environment.Pd.AllocateNotification(0, out NotificationCapability never);
        never.Wait(out _);
        return Failed;
    }

    private static void Tell(ReadOnlySpan<byte> label, ReadOnlySpan<byte> arguments, Affinity affinity, Quota donation)
    {
        Span<byte> buffer = stackalloc byte[400];
        var text = new TextBuilder(buffer);
        text.Append("asked by \""u8).Append(label).Append("\" with \""u8).Append(arguments).Append("\" at "u8);
        text.AppendDecimal(affinity.X).Append((byte)'+').AppendDecimal(affinity.Width);
        text.Append(" giving "u8).AppendDecimal(donation.RamBytes).Append((byte)'+');
        text.AppendDecimal(donation.Capabilities).AppendLine();
        Environment.Current.Log.Write(text.Text);
    }

    [InlineArray(KeptMaps)]
    private struct Maps
    {
        private RegionMapCapability _map;
    }
}
