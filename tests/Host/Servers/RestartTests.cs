using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Tests.Host.Qemu;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// Children that are started again after their end: with what they were started with the first time, in their turn, as often as
/// they may; and their server has what it had.
/// </summary>
[Collection("CapabilitySlots")]
public sealed unsafe class RestartTests(ITestOutputHelper output)
{
    private const int C = ServerHouse.Client;
    private const int P = ServerHouse.Provider;
    private const int L = ServerHouse.Lower;
    private const int Many = 10_000;
    private const ulong Bad = 7;

    /// <summary>Whatever a child does, in the middle of what it ends, alone or with others, before, behind and between starts.</summary>
    [Fact]
    public void NothingIsLostWhoeverEndsAndStartsAgain() =>
        Prop.ForAll<byte[]>(Play).Check(SoakConfig.Of(100).WithEndSize(60));

    /// <summary>The accounts before the first start and behind each of ten thousand ends, at each step of each protocol.</summary>
    [Fact]
    public void EachInstanceLeavesWhatTheFirstFound()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Step[][] works = [.. Protocols.All.Values];
        house.Settle();
        Accounts before = house.Count();
        Accounts? between = null;
        Start(house, Many);
        for (int i = 0; i < Many; i++)
        {
            Step[] steps = works[i % works.Length];
            Play(house, steps[..(i / works.Length % (steps.Length + 1))]);
            foreach (int child in new[] { C, P, L })
            {
                End(house, child, i % 4);
            }
            Supervision.TakeBack(house);
            house.Settle();
            // Some of it is kept for the next starts.
            between ??= house.Count();
            Assert.Equal(between, house.Count());
            Assert.Equal(3, Supervision.StartThoseThatWait(house).Count);
            house.Kernel.Answers.Clear();
        }
        EndAll(house);
        house.Settle();
        output.WriteLine($"before {Many} starts: {before}\nafter them:  {house.Count()}");
        Assert.Equal(before, house.Count());
        house.CheckNobodyIsHeld();
    }

    /// <summary>
    /// Sessions that a provider does not let go of, with what was donated for them, count as the next instance's: it waits for
    /// nobody, all instances together have no more than one, and what comes back is the one's that runs then.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsLeftCountsAsTheNextOnes(bool isOpen)
    {
        const uint sessions = 8;
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Start(house, Many);
        Resources fresh = house[C]->Pd->Account.Limit;
        for (uint round = 1; round <= 3; round++)
        {
            Leave(house, sessions, isOpen);
            Course.Parent(C).Exit(Bad);
            Supervision.TakeBack(house);
            Assert.Equal([C], Supervision.StartThoseThatWait(house));
            Assert.Equal(round * sessions, house[C]->Pd->OpenedSessions);
            LeftSessions left = SiblingList.LeftBy(house.Server, house[C]);
            Assert.Equal((round * sessions, fresh.Ram), (left.Count, (house[C]->Pd->Account.Limit + left.Donated).Ram));
        }
        Course.Parent(P).Exit(Bad);
        Supervision.TakeBack(house);
        Assert.Equal(0ul, house.Server->SiblingRecords.InUse);
        Assert.Equal((0u, fresh.Ram), (house[C]->Pd->OpenedSessions, house[C]->Pd->Account.Limit.Ram));
        EndAll(house);
        house.Settle();
    }

    /// <summary>No more places than one instance has, however many have left something behind.</summary>
    [Fact]
    public void AllInstancesTogetherHaveThePlacesOfOne()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Start(house, Many);
        for (int i = 0; i < 3; i++)
        {
            Leave(house, IParent.MaximumSessions / 2, isOpen: true);
            Course.Parent(C).Exit(Bad);
            Supervision.TakeBack(house);
            Assert.Equal([C], Supervision.StartThoseThatWait(house));
        }
        Assert.Equal((ulong)IParent.MaximumSessions, house.Server->SiblingRecords.InUse);
        EndAll(house);
    }

    /// <summary>The client asks for so many, and the provider has opened each, or has fetched the request.</summary>
    private static void Leave(ServerHouse house, uint sessions, bool isOpen)
    {
        Step[] steps = Protocols.All["a session of a sibling"];
        var course = new Course(house);
        for (int i = 0; i < 3 && house[P]->ServiceCount == 0; i++)
        {
            steps[i].Do(course);
        }
        course.Endpoint = Protocols.Endpoint(P);
        for (uint i = 0; i < sessions; i++)
        {
            steps[3].Do(course);
            do
            {
                // What is to be closed comes first. It is never answered.
                steps[4].Do(course);
            } while (course.Request.Kind == SessionRequestKind.Close);
            if (isOpen && course.Request.Kind == SessionRequestKind.Open)
            {
                steps[5].Do(course);
            }
        }
    }

    /// <summary>
    /// A service uses what it was given, and gives nothing on but its own: so what it owes its clients is there when it ends, and
    /// its next start never lacks more than it had.
    /// </summary>
    [Fact]
    public void WhatWasGivenIsNotGivenOn()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Start(house, Many);
        Leave(house, 1, isOpen: true);
        QuotaAccount* account = &house[P]->Pd->Account;
        Resources gift = SiblingList.GivenTo(house.Server, house[P]);
        Assert.False(gift.IsZero);
        // Whether it has used the gift for its giver does not matter.
        Assert.Equal(ChargeResult.Ok, account->Charge(gift));
        ulong own = (account->Limit - gift - house[P]->Pd->StartedWith).Ram;
        Assert.Equal(ParentResult.OutOfRam, Ask(own + 1));
        account->Refund(gift);
        Ask(own);
        // It waits for a service that nobody has announced.
        Assert.Equal(2ul, house.Server->SiblingRecords.InUse);
        EndAll(house);
        house.Settle();
    }

    private static ParentResult Ask(ulong ram) =>
        Course.Parent(P).OpenSession("Even"u8, "x"u8, ""u8, default, new Quota(ram, 0), out _, out _);

    /// <summary>Its program is not to be had: what was kept for its start is anybody's.</summary>
    [Fact]
    public void WhatWasKeptForWhoIsGivenUpIsAnybodys()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        house.Settle();
        Accounts before = house.Count();
        Start(house, 3);
        End(house, P, 3);
        Supervision.TakeBack(house);
        Restarts.GiveUp(house.Server, house[P]);
        house.Remove(P);
        EndAll(house);
        house.Settle();
        Assert.Equal(before, house.Count());
    }

    /// <summary>Siblings may have all memory but single pages, within what they may have: the next start needs none of that.</summary>
    [Fact]
    public void WhatItWasStartedWithIsThereForItsNextStart()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Start(house, Many);
        for (int round = 0; round < 3; round++)
        {
            End(house, C, 3);
            Supervision.TakeBack(house);
            List<nint> taken = TakeAllInOnePiece(house);
            Assert.Equal([C], Supervision.StartThoseThatWait(house));
            foreach (nint block in taken)
            {
                house.Server->Untyped.Free((UntypedBlock*)block);
            }
        }
        EndAll(house);
    }

    private static List<nint> TakeAllInOnePiece(ServerHouse house)
    {
        List<nint> taken = [];
        for (int bits = 40; bits > UntypedAllocator<ServerKernel>.PageBits; bits--)
        {
            UntypedBlock* block;
            while ((block = house.Server->Untyped.TryAllocate(bits)) != null)
            {
                taken.Add((nint)block);
            }
        }
        Assert.NotEmpty(taken);
        return taken;
    }

    [Theory]
    [InlineData(RestartCause.Crash, false, false, true, true)]
    [InlineData(RestartCause.Failure, false, true, true, true)]
    [InlineData(RestartCause.End, true, true, true, true)]
    public void ItIsStartedAgainAfterWhatItsConfigurationSays(
        RestartCause cause,
        bool afterZero,
        bool afterBad,
        bool afterCheck,
        bool afterCrash
    )
    {
        bool[] expected = [afterZero, afterBad, afterCheck, afterCrash];
        for (int way = 0; way < expected.Length; way++)
        {
            using var house = new ServerHouse();
            ChildTransport.House = house;
            Assert.Equal(LoadResult.Ok, house.Load(C, 1, cause));
            End(house, C, way);
            Supervision.TakeBack(house);
            Assert.Equal(expected[way] ? [C] : [], Supervision.StartThoseThatWait(house));
            if (expected[way])
            {
                Assert.Equal((ChildState.Running, 1u), (house[C]->State, house[C]->Restarts));
                End(house, C, way);
                Supervision.TakeBack(house);
            }
            // As often as it may, and no more.
            Assert.Empty(Supervision.StartThoseThatWait(house));
            Assert.False(house.IsAlive(C));
        }
    }

    /// <summary>The highest priority first, then who has waited longest; one for each turn.</summary>
    [Fact]
    public void WhoIsStartedWhen()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Start(house, 5);
        foreach (int child in new[] { P, C, L })
        {
            End(house, child, 3);
            Supervision.TakeBack(house);
        }
        Assert.True(Supervision.TryStartNext(house, out int first));
        Assert.Equal(P, first);
        // It ends at once: the others go first.
        End(house, P, 3);
        Supervision.TakeBack(house);
        Assert.Equal([C, L, P], Supervision.StartThoseThatWait(house));
        house[L]->Record.Priority = 63;
        house[C]->Record.Priority = 10;
        house[P]->Record.Priority = 10;
        foreach (int child in new[] { C, P, L })
        {
            End(house, child, 3);
            Supervision.TakeBack(house);
        }
        Assert.Equal([L, C, P], Supervision.StartThoseThatWait(house));
        EndAll(house);
    }

    /// <summary>The request that it has not fetched is the next instance's; one that it has fetched is refused.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoWaitsForItsServiceGoesOnWaiting(bool isFetched)
    {
        Step[] steps = Protocols.All["a session of a sibling"];
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Start(house, 3);
        var course = new Course(house);
        foreach (Step step in steps.Take(isFetched ? 5 : 4))
        {
            step.Do(course);
        }
        End(house, P, 3);
        Supervision.TakeBack(house);
        Assert.Equal(isFetched ? 1 : 0, house.Kernel.Answers.Count(IsDenial));
        Assert.Equal([P], Supervision.StartThoseThatWait(house));
        course = new Course(house);
        foreach (int step in isFetched ? (int[])[0, 1, 2, 3, 4, 5] : [0, 1, 2, 4, 5])
        {
            steps[step].Do(course);
        }
        // With its session's number.
        Assert.Single(house.Kernel.Answers, static answer => answer is { Word0: (ulong)ParentResult.Ok, Word1: not 0 });
        EndAll(house);
    }

    /// <summary>Who could not be started again is waited for no longer.</summary>
    [Fact]
    public void WhoCannotBeStartedAgainIsGone()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Start(house, 3);
        End(house, P, 3);
        Supervision.TakeBack(house);
        Course.Parent(C).OpenSession("Odd"u8, "label"u8, ""u8, default, Quota.None, out _, out _);
        Assert.DoesNotContain(house.Kernel.Answers, IsDenial);
        Restarts.GiveUp(house.Server, house[P]);
        Assert.Single(house.Kernel.Answers, IsDenial);
        house.Remove(P);
        EndAll(house);
    }

    private static bool IsDenial((uint Reply, ulong Label, ulong Word0, ulong Word1) answer) =>
        answer.Word0 == (ulong)ParentResult.Denied;

    private static void Play(byte[] bytes)
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        house.Settle();
        Accounts before = house.Count();
        Start(house, uint.MaxValue);
        var course = new Course(house);
        Step[][] works = [.. Protocols.All.Values];
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            int child = bytes[i + 1] % ServerHouse.ChildCount;
            switch (bytes[i] % 8)
            {
                case 0 when house.IsAlive(child):
                    End(house, child, bytes[i + 1] / ServerHouse.ChildCount % 4);
                    break;
                case 1:
                    Supervision.TakeBack(house);
                    break;
                case 2:
                    Supervision.TryStartNext(house, out _);
                    break;
                default:
                    Step[] steps = works[bytes[i + 1] % works.Length];
                    course = bytes[i] % 2 == 0 ? course : new Course(house);
                    Play(house, course, steps[..(bytes[i] % (steps.Length + 1))]);
                    break;
            }
        }
        EndAll(house);
        house.Settle();
        Assert.Equal(before, house.Count());
        house.CheckNobodyIsHeld();
    }

    private static void Play(ServerHouse house, Step[] steps) => Play(house, new Course(house), steps);

    private static void Play(ServerHouse house, Course course, Step[] steps)
    {
        foreach (Step step in steps)
        {
            if (house.IsAlive(step.Actor) && house[step.Actor]->State == ChildState.Running)
            {
                step.Do(course);
            }
        }
    }

    private static void Start(ServerHouse house, uint restarts)
    {
        for (int child = 0; child < ServerHouse.ChildCount; child++)
        {
            Assert.Equal(LoadResult.Ok, house.Load(child, restarts, RestartCause.End));
        }
    }

    /// <summary>By itself, well or badly; by a check of its own that failed; or by a crash.</summary>
    private static void End(ServerHouse house, int child, int way)
    {
        if (way == 3)
        {
            house.Fault(house.CrashOf(child, house[child]->Pd->Threads->Handle.Value));
            return;
        }
        ulong[] values = [ExitValue.Success, Bad, ExitValue.RuntimeFailure + 1];
        Course.Parent(child).Exit(values[way]);
    }

    /// <summary>None is started again any more.</summary>
    private static void EndAll(ServerHouse house)
    {
        Supervision.TakeBack(house);
        Supervision.StartThoseThatWait(house);
        for (int child = 0; child < ServerHouse.ChildCount; child++)
        {
            if (house.IsAlive(child))
            {
                house.End(child);
            }
        }
    }
}
