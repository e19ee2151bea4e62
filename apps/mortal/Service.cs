using System;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Mortal;

/// <summary>Offers a service, and ends at another point of a session's life each time that it is started.</summary>
internal struct Service(uint start, bool isLast) : IMessageHandler, IRoot, IPing
{
    private const uint Calls = 3;
    private const ulong Failed = 2;

    private uint _calls;

    private enum Moment
    {
        BeforeItAnnounces,

        /// <summary>A request waits for it, which it has not fetched.</summary>
        BeforeItFetches,
        InOpen,
        InCall,
        InClose,
        Count,
    }

    private readonly Moment End => isLast ? Moment.Count : (Moment)(start % (uint)Moment.Count);

    public static ulong Run(in Environment environment, ulong last)
    {
        var service = new Service(environment.Restarts, environment.Restarts == last);
        switch (service.End)
        {
            case Moment.BeforeItAnnounces:
                return Failed;
            case Moment.BeforeItFetches:
                environment.Pd.AllocateNotification(0, out NotificationCapability requests);
                environment.Parent.Announce("Odd"u8, requests);
                requests.Wait(out _);
                return Ends.Crash();
        }
        if (
            ServiceEndpoint.Open(in environment, 0, out ServiceEndpoint endpoint) == AllocationResult.Ok
            && endpoint.Announce(in environment, "Odd"u8) == ParentResult.Ok
        )
        {
            endpoint.ServeOnCallers(in environment, ref service);
        }
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

    public readonly SessionResult Open(
        SessionId session,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation
    )
    {
        EndAt(Moment.InOpen);
        return SessionResult.Ok;
    }

    public readonly SessionResult Close(SessionId session)
    {
        EndAt(Moment.InClose);
        return SessionResult.Ok;
    }

    /// <summary>The number of its start.</summary>
    public PingResult Increment(ulong value, out ulong result)
    {
        if (++_calls == Calls)
        {
            EndAt(Moment.InCall);
        }
        result = start;
        return PingResult.Ok;
    }

    private readonly void EndAt(Moment moment)
    {
        if (End == moment)
        {
            Ends.Crash();
        }
    }
}
