using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>Every protocol between a child and its server, message by message.</summary>
internal static class Protocols
{
    private const int C = ServerHouse.Client;
    private const int P = ServerHouse.Provider;
    private const int L = ServerHouse.Lower;
    private const ulong Page = UserLayout.PageSize;
    private const FrameRights Both = FrameRights.Read | FrameRights.Write;
    private const ulong Untouched = 0x20_0000_0000;

    /// <summary>Bytes that two requests zero.</summary>
    private const ulong Much = 2 * RequestLimits.ZeroedBytes;

    /// <summary>More than one request detaches.</summary>
    private const int ManyPlaces = RequestLimits.DetachedRegions + 4;
    private static readonly Quota _gift = new(8192, 3);

    private static readonly Step _signal = new(P, static c => c.Signal = Notification(P));
    private static readonly Step _announce = new(P, static c => Course.Parent(P).Announce("Odd"u8, c.Signal));
    private static readonly Step _ask = new(C, static c => Open(c, C, "Odd"));
    private static readonly Step _take = new(P, Take);
    private static readonly Step _endpoint = new(P, static c => c.Endpoint = Endpoint(P));
    private static readonly Step _open = new(P, static c => Answer(c, SessionResult.Ok, c.Endpoint.Capability));
    private static readonly Step _refuse = new(P, static c => Answer(c, SessionResult.Denied, Capability.None));
    private static readonly Step _close = new(C, static c => Course.Parent(C).CloseSession(c.Request.Session));
    private static readonly Step _closed = new(P, static c => Answer(c, SessionResult.Ok, Capability.None));

    public static IReadOnlyDictionary<string, Step[]> All { get; } =
        new Dictionary<string, Step[]>
        {
            ["a session of a sibling"] = [_endpoint, _signal, _announce, _ask, _take, _open, _close, _take, _closed],
            ["a session that waits for its service"] = [_ask, _signal, _announce, _take, _refuse],
            ["two sessions at once"] = [_endpoint, _signal, _announce, _ask, _ask, _take, _open, _take, _open, _close],
            ["sessions of the server"] =
            [
                .. Sessions("ROM"),
                .. Sessions("CPU"),
                .. Sessions("RM"),
                .. Sessions("LOG"),
            ],
            ["a module"] = [new(C, static c => Open(c, C, "ROM")), new(C, Module), .. Attaching(C)],
            ["memory"] = [new(C, Allocate), .. Attaching(C), new(C, static c => Course.Pd(C).FreeRam(c.Memory))],
            ["memory that takes many requests"] =
            [
                new(C, AllocateMuch, TakesMore: true),
                new(C, AllocateMuch),
                .. Enumerable.Repeat(new Step(C, AttachAnywhere), ManyPlaces),
                new(C, static c => Course.Pd(C).FreeRam(c.Memory), TakesMore: true),
                new(C, static c => Course.Pd(C).FreeRam(c.Memory)),
            ],
            ["a map that takes many requests"] =
            [
                new(C, Allocate),
                new(C, CreateMuch),
                .. Enumerable.Repeat(new Step(C, AttachInside), ManyPlaces),
                new(C, static c => Course.Rm(C).Destroy(c.Map), TakesMore: true),
                new(C, static c => Course.Rm(C).Destroy(c.Map)),
            ],
            ["a map in a map"] =
            [
                new(C, Allocate),
                new(C, Create),
                new(C, Inner),
                new(C, static c => Attach(c, Course.Space(C), c.Inner, Untouched)),
                new(C, static c => Attach(c, new(Course.At(C, c.Map.Capability)), c.Memory, 0)),
                new(C, static c => Course.Pd(C).Map(Untouched, Page, out _)),
                new(C, static c => Course.Rm(C).Destroy(c.Map)),
            ],
            ["a thread"] =
            [
                new(C, Allocate),
                new(C, static c => Attach(c, Course.Space(C), c.Memory, Untouched)),
                new(C, Thread),
                new(C, static c => c.Signal = Notification(C)),
                new(C, static c => ThreadOf(c).BindNotification(c.Signal)),
                new(C, static c => ThreadOf(c).Start(Untouched, Untouched, 0)),
                new(C, static c => ThreadOf(c).TellLostTime(1)),
                new(C, static c => ThreadOf(c).ServeOnCallers()),
                new(C, static c => ThreadOf(c).ServeOnOwnTime()),
                new(C, static c => ThreadOf(c).Finish()),
                new(C, static c => Course.Cpu(C).DestroyThread(c.Thread)),
            ],
            ["a fault and its handler"] =
            [
                new(C, static c => c.Signal = Notification(C)),
                new(C, static c => Course.Space(C).SetFaultHandler(c.Signal)),
                new(C, Allocate),
                new(C, Thread),
                new(C, Fault),
                new(C, static _ => Course.Space(C).Fault(out RegionFault _)),
                new(C, static c => Attach(c, Course.Space(C), c.Memory, Untouched)),
                new(C, static c => Course.Cpu(C).DestroyThread(c.Thread)),
            ],
            ["a crash"] =
            [
                new(C, Thread),
                new(C, Crash),
                new(C, Crash),
                new(C, static c => Course.Cpu(C).DestroyThread(c.Thread)),
            ],
            ["a server's own thread crashes under any cookie"] =
            [
                new(L, static c => c.House.Fault(c.House.CrashOf(L, 0))),
                new(L, static c => c.House.Fault(c.House.CrashOf(L, ulong.MaxValue))),
            ],
            ["questions"] =
            [
                new(C, static _ => Course.Pd(C).Quota(out QuotaState _)),
                new(C, static _ => Course.Cpu(C).AffinitySpace(out Affinity _)),
                new(C, static _ => Course.Trace(C).Counters(0, out CpuCounters _)),
                new(C, static _ => Course.Pd(C).AddressSpace(out RegionMapCapability _)),
                new(C, Allocate),
                new(C, static c => Course.Pd(C).DataspaceSize(c.Memory, out ulong _)),
                new(C, static c => Course.Pd(C).Seal(c.Memory)),
                new(C, Endpoint),
            ],
            ["a thread is watched"] =
            [
                new(C, Thread),
                new(C, static c => ThreadOf(c).SetAffinity(Affinity.Cpu(0))),
                new(C, static c => ThreadOf(c).Start(Untouched, Untouched, 0)),
                new(C, static c => ThreadOf(c).Pause()),
                new(C, static c => ThreadOf(c).State(out ThreadInformation _)),
                new(C, static c => ThreadOf(c).Resume()),
            ],
            ["a trace"] =
            [
                new(C, Allocate),
                new(C, static c => Course.Trace(C).Start(0, c.Memory)),
                new(C, static _ => Course.Trace(C).Stop(0)),
            ],
            ["a line in two parts"] =
            [
                new(C, static _ => Course.Log(C).Write("half "u8, out uint _)),
                new(C, static _ => Course.Log(C).Write("a line\n"u8, out uint _)),
            ],
            ["memory of a server below"] =
            [
                new(L, static _ => Course.Pd(L).ClaimUntyped(14, default, 900, out ulong _)),
                new(L, Allocated),
                new(L, static c => Open(c, L, "FORWARD")),
                new(L, static c => Forward(c)),
                new(L, static c => Course.Pd(L).FreeRam(c.Memory)),
            ],
            ["the end"] =
            [
                new(C, static c => Open(c, C, "ROM")),
                new(C, static _ => Course.Parent(C).Exit(0)),
                new(C, static _ => Course.Parent(C).Exit(1)),
            ],
        };

    /// <summary>What leaves nothing behind, to be done over and over; before the first time, what it needs.</summary>
    public static IReadOnlyDictionary<string, (Step[] First, Step[] Again)> Cycles { get; } =
        new Dictionary<string, (Step[] First, Step[] Again)>
        {
            ["sessions of the server"] = ([], All["sessions of the server"]),
            ["sessions of a sibling"] = ([_endpoint, _signal, _announce], [_ask, _take, _open, _close, _take, _closed]),
            ["attaches and detaches"] = ([new(C, Allocate)], [.. Attaching(C)]),
            ["memory"] = ([], All["memory"]),
            ["threads"] = (
                [new(C, Allocate), new(C, static c => Attach(c, Course.Space(C), c.Memory, Untouched))],
                [
                    new(C, Thread),
                    new(C, static c => ThreadOf(c).Start(Untouched, Untouched, 0)),
                    new(C, static c => ThreadOf(c).Finish()),
                    new(C, static c => Course.Cpu(C).DestroyThread(c.Thread)),
                ]
            ),
            ["maps in a map"] = ([new(C, Allocate)], [.. All["a map in a map"][1..]]),
            ["another server's memory"] = (
                [new(C, Endpoint)],
                [
                    new(C, Foreign),
                    new(C, static c => Attach(c, Course.Space(C), c.Memory, IRegionMap.AnyAddress)),
                    new(C, static c => Course.Space(C).Detach(c.Address)),
                ]
            ),
            ["another server's memory in a map"] = (
                [new(C, Endpoint)],
                [
                    new(C, Foreign),
                    new(C, Create),
                    new(C, static c => Attach(c, new(Course.At(C, c.Map.Capability)), c.Memory, 0)),
                    new(C, static c => Course.Rm(C).Destroy(c.Map)),
                ]
            ),
        };

    private static Step[] Sessions(string service) =>
        [new(C, c => Open(c, C, service)), new(C, static c => Course.Parent(C).CloseSession(c.Id))];

    private static Step[] Attaching(int child) =>
        [
            new(child, c => Attach(c, Course.Space(child), c.Memory, IRegionMap.AnyAddress)),
            new(child, c => Course.Pd(child).Map(c.Address, Page, out _)),
            new(child, c => Course.Space(child).Detach(c.Address)),
        ];

    private static NotificationCapability Notification(int child)
    {
        Course.Pd(child).AllocateNotification(0, out NotificationCapability made);
        return made;
    }

    private static void Endpoint(Course c) => c.Endpoint = Endpoint(C);

    public static EndpointCapability Endpoint(int child)
    {
        Course.Pd(child).AllocateEndpoint(0, out EndpointCapability made);
        return made;
    }

    private static void Open(Course c, int child, string service)
    {
        byte[] name = System.Text.Encoding.ASCII.GetBytes(service);
        Course
            .Parent(child)
            .OpenSession(name, "mine"u8, "x"u8, Affinity.Whole, _gift, out SessionCapability session, out SessionId id);
        c.Session = session;
        c.Id = id;
    }

    private static void Take(Course c)
    {
        Span<byte> label = stackalloc byte[IParent.MaximumFullLabel];
        Span<byte> arguments = stackalloc byte[IParent.MaximumArguments];
        Course.Parent(P).NextRequest(out SessionRequest request, label, arguments);
        c.Request = request;
    }

    private static void Answer(Course c, SessionResult result, Capability capability) =>
        Course.Parent(P).AnswerRequest(c.Request.Session, result, new SessionCapability(capability));

    private static void Module(Course c)
    {
        new RomSessionClient<ChildTransport>(Course.At(C, c.Session.Capability)).Dataspace(
            out DataspaceCapability module,
            out _
        );
        c.Memory = module;
    }

    /// <summary>Any capability that is not the server's may be one to another's dataspace.</summary>
    private static void Foreign(Course c) => c.Memory = new DataspaceCapability(c.Endpoint.Capability);

    private static void Allocate(Course c) => c.Memory = Allocated(C);

    private static void Allocated(Course c) => c.Memory = Allocated(L);

    private static DataspaceCapability Allocated(int child)
    {
        Course.Pd(child).AllocateRam(Page, default, CacheAttribute.WriteBack, out DataspaceCapability made);
        return made;
    }

    private static void AllocateMuch(Course c)
    {
        Course.Pd(C).AllocateRam(Much, default, CacheAttribute.WriteBack, out DataspaceCapability made);
        c.Memory = made;
    }

    private static void AttachAnywhere(Course c) => Attach(c, Course.Space(C), c.Memory, IRegionMap.AnyAddress);

    private static void AttachInside(Course c) =>
        Attach(c, new(Course.At(C, c.Map.Capability)), c.Memory, IRegionMap.AnyAddress);

    private static void CreateMuch(Course c)
    {
        Course.Rm(C).Create(Much, out RegionMapCapability map);
        c.Map = map;
    }

    private static void Attach(Course c, RegionMapClient<ChildTransport> map, DataspaceCapability memory, ulong at)
    {
        map.Attach(memory, 0, 0, at, Both, out ulong address);
        c.Address = address;
    }

    private static void Create(Course c)
    {
        Course.Rm(C).Create(Page, out RegionMapCapability map);
        c.Map = map;
    }

    private static void Inner(Course c)
    {
        new RegionMapClient<ChildTransport>(Course.At(C, c.Map.Capability)).Dataspace(out DataspaceCapability inner);
        c.Inner = inner;
    }

    private static void Thread(Course c)
    {
        var pd = new PdSessionCapability(Capability.In(new CapabilitySlot((uint)Skerry.Base.Startup.StartupSlot.Pd)));
        ulong buffer = c.House.IsAttached(C, Untouched) ? Untouched : 0;
        Course.Cpu(C).CreateThread(pd, "one"u8, Affinity.Cpu(0), 3, buffer, out CpuThreadCapability thread);
        c.Thread = thread;
    }

    private static CpuThreadClient<ChildTransport> ThreadOf(Course c) => new(Course.At(C, c.Thread.Capability));

    /// <summary>The thread touches what is not there, if it is still there itself.</summary>
    private static void Fault(Course c)
    {
        if (c.House.CapabilityAt(C, c.Thread.Capability.Slot.Value) is { } thread)
        {
            c.House.Fault(C, thread.Badge, Untouched);
        }
    }

    private static void Crash(Course c)
    {
        if (c.House.CapabilityAt(C, c.Thread.Capability.Slot.Value) is { } thread)
        {
            c.House.Fault(c.House.CrashOf(C, thread.Badge));
        }
    }

    private static void Forward(Course c) =>
        new FaultForwardClient<ChildTransport>(Course.At(L, c.Session.Capability)).Resolve(
            c.Memory,
            0,
            FaultAccess.User,
            out FrameCapability _,
            out ulong _,
            out ulong _
        );
}
