using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Unruly;

/// <summary>Asks for sessions of the odd service.</summary>
internal static class OddClient
{
    private const ulong NotOpened = 2;
    private const ulong NotClosed = 3;
    private const ulong StillThere = 4;
    private const ulong NotBack = 5;
    private const ulong TooMany = 6;
    private const ulong NotDenied = 7;
    private const int Rounds = 1000;
    private static readonly Quota _gift = new(8192, 3);

    /// <summary>Opens and closes, far more often than it has capabilities; what it gave comes back each time.</summary>
    public static ulong OpenAndClose(in Environment environment)
    {
        environment.Pd.Quota(out QuotaState before);
        for (int i = 0; i < Rounds; i++)
        {
            if (Open(in environment, out CapabilitySlot session, out SessionId id) != ParentResult.Ok)
            {
                return NotOpened;
            }
            if (environment.Parent.CloseSession(id) != ParentResult.Ok)
            {
                return NotClosed;
            }
            // The capability ended with the session, and nobody closes it twice.
            if (
                new EndpointCapability(session).NBSend(Message.Of(0)) != Status.InvalidCapability
                || environment.Parent.CloseSession(id) != ParentResult.UnknownSession
            )
            {
                return StillThere;
            }
            CapabilitySlots.Release(session);
        }
        return IsBack(in environment, in before) ? ExitValue.Success : NotBack;
    }

    /// <summary>Keeps them all: it is refused when its own are used up, and gets a place back for each that it closes.</summary>
    public static ulong OpenTooMany(in Environment environment)
    {
        SessionId last = default;
        int opened = 0;
        ParentResult result;
        while ((result = Open(in environment, out _, out SessionId id)) == ParentResult.Ok)
        {
            last = id;
            if (++opened > IParent.MaximumSessions)
            {
                return TooMany;
            }
        }
        return
            result == ParentResult.OutOfCapabilities
            && environment.Parent.CloseSession(last) == ParentResult.Ok
            && Reopened(in environment)
            ? ExitValue.Success
            : NotOpened;
    }

    /// <summary>What it gave for the first comes back when the service has freed it, which is at the second.</summary>
    public static ulong GetsBackLater(in Environment environment)
    {
        environment.Pd.Quota(out QuotaState before);
        for (int i = 0; i < 2; i++)
        {
            ParentResult opened = Open(in environment, out CapabilitySlot session, out SessionId id);
            if (opened != ParentResult.Ok || environment.CloseSession(id, session) != ParentResult.Ok)
            {
                return NotOpened;
            }
        }
        return IsBack(in environment, in before) ? ExitValue.Success : NotBack;
    }

    /// <summary>It is refused, and that is right.</summary>
    public static ulong IsDenied(in Environment environment) =>
        Open(in environment, out _, out _) == ParentResult.Denied ? ExitValue.Success : NotDenied;

    /// <summary>Waits, maybe for ever.</summary>
    public static ulong Wait(in Environment environment)
    {
        Open(in environment, out _, out _);
        return ExitValue.Success;
    }

    /// <summary>Waits for a service that begins when all is taken, and then takes what is its own.</summary>
    public static ulong HasItsOwn(in Environment environment) =>
        Open(in environment, out _, out _) == ParentResult.Ok ? RecordTaker.UseAll(in environment) : NotOpened;

    /// <summary>The same with sessions: that of the service takes one of its places.</summary>
    public static ulong HasItsSessions(in Environment environment)
    {
        if (Open(in environment, out _, out _) != ParentResult.Ok)
        {
            return NotOpened;
        }
        for (int i = 1; i < IParent.MaximumSessions; i++)
        {
            ParentResult opened = environment.OpenSession("ROM"u8, "system.bin"u8, Quota.None, out CapabilitySlot _);
            if (opened != ParentResult.Ok)
            {
                return NotOpened;
            }
        }
        return ExitValue.Success;
    }

    /// <summary>The place is free as soon as the service has let go.</summary>
    private static bool Reopened(in Environment environment)
    {
        while (Open(in environment, out _, out _) != ParentResult.Ok)
        {
            Processor.Yield();
        }
        return true;
    }

    private static ParentResult Open(in Environment environment, out CapabilitySlot session, out SessionId id)
    {
        ParentResult result = environment.Parent.OpenSession(
            "Odd"u8,
            "mine"u8,
            "size=3"u8,
            Affinity.Cpu(0),
            _gift,
            out SessionCapability capability,
            out id
        );
        session = capability.Capability.Slot;
        return result;
    }

    /// <summary>The last donation comes back a moment after the close.</summary>
    private static bool IsBack(in Environment environment, in QuotaState before)
    {
        QuotaState now;
        do
        {
            Processor.Yield();
            environment.Pd.Quota(out now);
        } while (now.Limit.RamBytes != before.Limit.RamBytes || now.Limit.Capabilities != before.Limit.Capabilities);
        return now.Used.RamBytes == before.Used.RamBytes && now.Used.Capabilities == before.Used.Capabilities;
    }
}
