using System;
using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Base.Startup;

/// <summary>
/// The thread of a component that offers services: it takes the parent's requests and has the service's own thread carry
/// them out. The parent waits for neither.
/// </summary>
internal struct SessionThread : IThreadBody
{
    private const int MaximumUnanswered = 64;

    private static NotificationCapability requests;
    private static bool isRunning;
    private static Services services;
    private static int serviceCount;

    /// <summary>Closed, and not answered: what was donated is in use.</summary>
    private static Unanswered unanswered;
    private static int unansweredCount;

    /// <summary>Tells the parent of a service. One thread of the component does so at a time.</summary>
    public static ParentResult Announce(
        in Environment environment,
        ReadOnlySpan<byte> name,
        ServiceEndpoint endpoint,
        CapabilitySlot root
    )
    {
        if (serviceCount == IParent.MaximumServices || !IsRunning(in environment, endpoint.Cpu))
        {
            return ParentResult.OutOfCapabilities;
        }
        services[serviceCount] = new Service { Endpoint = endpoint, Root = root };
        ParentResult result = environment.Parent.Announce(name, requests);
        serviceCount += result == ParentResult.Ok ? 1 : 0;
        return result;
    }

    /// <summary>Its whole life.</summary>
    public static void Run(ulong argument)
    {
        Environment environment = Environment.Current;
        while (true)
        {
            requests.Wait(out _);
            while (CarryOutNext(in environment)) { }
            AnswerAgain(in environment);
        }
    }

    /// <summary>Made when the first service is announced.</summary>
    private static unsafe bool IsRunning(in Environment environment, uint cpu)
    {
        if (isRunning)
        {
            return true;
        }
        isRunning =
            (!requests.Slot.IsNull || environment.Pd.AllocateNotification(cpu, out requests) == AllocationResult.Ok)
            && UserThread.Create(
                in environment,
                "sessions"u8,
                Affinity.Cpu(cpu),
                environment.Priority,
                UserThread.SmallStackBytes,
                &Run,
                0,
                out UserThread thread
            ) == ThreadResult.Ok
            && thread.Start() == ThreadResult.Ok;
        return isRunning;
    }

    /// <returns>False if there is nothing to do.</returns>
    private static bool CarryOutNext(in Environment environment)
    {
        Span<byte> label = stackalloc byte[IParent.MaximumFullLabel];
        Span<byte> arguments = stackalloc byte[IParent.MaximumArguments];
        if (environment.Parent.NextRequest(out SessionRequest request, label, arguments) != ParentResult.Ok)
        {
            return false;
        }
        Service service = services[(int)request.Service];
        var root = new RootClient(service.Root);
        if (request.Kind == SessionRequestKind.Close)
        {
            Close(in environment, request.Session, root);
            return true;
        }
        SessionResult result = root.Open(
            request.Session,
            label.Slice(0, (int)request.LabelBytes),
            arguments.Slice(0, (int)request.ArgumentBytes),
            request.Affinity,
            request.Donation
        );
        Capability capability = Capability.None;
        bool opened = result == SessionResult.Ok;
        if (opened && !service.Endpoint.TryMint(request.Session.Value, out capability))
        {
            result = SessionResult.OutOfCapabilities;
        }
        ParentResult taken = environment.Parent.AnswerRequest(
            request.Session,
            result,
            new SessionCapability(capability)
        );
        CapabilitySlots.Release(capability.Slot);
        if (opened && taken is not (ParentResult.Ok or ParentResult.UnknownSession))
        {
            TellWithoutCapability(in environment, request.Session);
        }
        if (opened && (result != SessionResult.Ok || taken != ParentResult.Ok))
        {
            root.Close(request.Session);
        }
        return true;
    }

    /// <summary>
    /// The session's capability did not arrive: its client must not wait for ever. Apart, so that the message takes no stack
    /// where there is nothing to tell.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TellWithoutCapability(in Environment environment, SessionId session) =>
        environment.Parent.AnswerRequest(session, SessionResult.OutOfCapabilities, default);

    private static void Close(in Environment environment, SessionId session, RootClient root)
    {
        root.Close(session);
        if (IsTaken(in environment, session))
        {
            return;
        }
        environment.Log.WriteLine("a closed session's donation is still in use: it goes back when it is free"u8);
        if (unansweredCount < MaximumUnanswered)
        {
            unanswered[unansweredCount++] = session;
        }
    }

    /// <summary>Each time that there was something to do, what was in use before may be free.</summary>
    private static void AnswerAgain(in Environment environment)
    {
        int left = 0;
        for (int i = 0; i < unansweredCount; i++)
        {
            if (!IsTaken(in environment, unanswered[i]))
            {
                unanswered[left++] = unanswered[i];
            }
        }
        unansweredCount = left;
    }

    /// <returns>False if the service still uses what was donated.</returns>
    private static bool IsTaken(in Environment environment, SessionId session) =>
        environment.Parent.AnswerRequest(session, SessionResult.Ok, default)
            is not (ParentResult.OutOfRam or ParentResult.OutOfCapabilities);

    private struct Service
    {
        public ServiceEndpoint Endpoint;
        public CapabilitySlot Root;
    }

    [InlineArray(MaximumUnanswered)]
    private struct Unanswered
    {
        private SessionId _session;
    }

    [InlineArray(IParent.MaximumServices)]
    private struct Services
    {
        private Service _service;
    }
}
