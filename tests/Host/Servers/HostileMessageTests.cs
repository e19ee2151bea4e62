using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Tests.Host.Qemu;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// Hostile children send whatever they like to every method of every interface that a server serves, from the table that the
/// generator writes: the server answers, a refusal changes nothing, and after the ends of all of them it has what it had.
/// </summary>
[Collection("CapabilitySlots")]
public sealed class HostileMessageTests(ITestOutputHelper output)
{
    private const int Rounds = 40;
    private const int Messages = 1200;

    /// <summary>Interfaces of which a server has no object: who serves them, and what tries them.</summary>
    private static readonly Dictionary<string, string> _elsewhere = new()
    {
        ["IChannelSession"] = "core's broker: Host/Links, and apps/hostile",
        ["IRoot"] = "a component's own session thread, which nobody else has a capability to",
        ["ITopology"] = "nobody",
        ["ITestService"] = "of the tests' own",
    };

    /// <summary>Answered with the same refusal, whatever is sent (docs/servers.md).</summary>
    private static readonly HashSet<string> _refused =
    [
        "ICpuThread.SetReply",
        "ICpuThread.KernelThread",
        "IParent.RequestResources",
        "IPdSession.AllocateReply",
        "IPdSession.StackArea",
        "IPdSession.SetReferenceAccount",
        "IPdSession.TransferQuota",
    ];

    /// <summary>With so little memory and so few slots that each of them ends now and then.</summary>
    [Theory]
    [InlineData(4096, 8192, false)]
    [InlineData(4096, 8192, true)]
    [InlineData(80, 8192, true)]
    [InlineData(4096, 320, true)]
    public void WhateverTheySendIsAnsweredAndChangesNothing(int pages, uint slots, bool isVcore)
    {
        int seed = SoakConfig.Seed;
        output.WriteLine($"seed {seed}, {pages} pages of bookkeeping, {slots} slots");
        using var house = new ServerHouse(pages, slots, isVcore);
        ChildTransport.House = house;
        var tried = new HashSet<string>();
        for (int round = 0; round < SoakConfig.Times(Rounds); round++)
        {
            house.Settle();
            Accounts before = house.Count();
            try
            {
                Round(house, new Random(seed + round), tried);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, round {round}: {e}");
            }
            house.Settle();
            Assert.True(before == house.Count(), $"seed {seed}, round {round}:\n{before}\n{house.Count()}");
            house.CheckNobodyIsHeld();
        }
        if (slots > 1000 && pages > 1000 && !isVcore)
        {
            CheckAllTried(tried);
        }
    }

    /// <summary>An enum inside a structure is nobody's to check but the method's.</summary>
    [Fact]
    public void APlaceOfNoKindIsDenied()
    {
        using var house = new ServerHouse();
        Assert.True(house.TryStart(ServerHouse.Client));
        var message = new RpcMessage();
        var writer = new MessageWriter(
            ref message,
            RpcLabel.Request(PdSessionMethods.InterfaceHash, PdSessionMethods.AllocateRam)
        );
        writer.WriteWord(1);
        writer.WriteWord((ulong)PlacementKind.Range + 1);
        writer.WriteWord(0);
        writer.WriteWord(0);
        writer.WriteWord((ulong)CacheAttribute.WriteBack);
        RpcStatus status = Delivery.Call(house, ServerHouse.Client, (uint)StartupSlot.Pd, ref message, out _);
        Assert.Equal((RpcStatus.Ok, AllocationResult.Denied), (status, (AllocationResult)message.Words[0]));
    }

    /// <summary>With single pages here and there one could leave others no block of two.</summary>
    [Theory]
    [InlineData(ServerHouse.Client, AllocationResult.Denied)]
    [InlineData(ServerHouse.Lower, AllocationResult.Ok)]
    public void AddressesOfMemoryAreForServers(int child, AllocationResult expected)
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Assert.True(house.TryStart(child));
        Accounts before = house.Count();
        AllocationResult result = Course
            .Pd(child)
            .AllocateRam(1, Skerry.Base.Sessions.Placement.InRange(0, ulong.MaxValue), CacheAttribute.WriteBack, out _);
        Assert.Equal(expected, result);
        Assert.Equal(expected == AllocationResult.Denied, before == house.Count());
    }

    /// <summary>
    /// A new method is in the table. It needs an object here that serves its interface, and a step of <see cref="Protocols"/>
    /// that it answers with Ok: without one, what is wrong shows little.
    /// </summary>
    private static void CheckAllTried(HashSet<string> tried)
    {
        var missing = new List<string>();
        for (int i = 0; i < RpcTable.Count; i++)
        {
            RpcMethodShape shape = RpcTable.At(i);
            string service = Text(shape.InterfaceName);
            string name = $"{service}.{Text(shape.MethodName)}";
            bool isDone =
                tried.Contains(name)
                && (_refused.Contains(name) || ChildTransport.Done.Contains((shape.InterfaceHash, shape.Method)));
            if (!isDone && !_elsewhere.ContainsKey(service))
            {
                missing.Add(name);
            }
        }
        Assert.True(missing.Count == 0, string.Join(", ", missing));
    }

    private static void Round(ServerHouse house, Random random, HashSet<string> tried)
    {
        var messages = new HostileMessages(random);
        var course = new Course(house);
        Step[] steps = [];
        int next = 0;
        for (int i = 0; i < Messages; i++)
        {
            int actor = random.Next(ServerHouse.ChildCount);
            if (!house.IsAlive(actor))
            {
                house.TryStart(actor);
            }
            else if (random.Next(200) == 0)
            {
                house.End(actor);
            }
            else
            {
                Send(house, messages, random, actor, tried);
            }
            if (random.Next(8) != 0)
            {
                continue;
            }
            // Among them, a message that is right, so that there is something to be at odds with.
            if (next == steps.Length)
            {
                steps = Protocols.All.Values.ElementAt(random.Next(Protocols.All.Count));
                next = 0;
            }
            Step step = steps[next++];
            if (house.IsAlive(step.Actor))
            {
                step.Do(course);
            }
        }
        EndAll(house);
    }

    private static void EndAll(ServerHouse house)
    {
        for (int i = 0; i < ServerHouse.ChildCount; i++)
        {
            if (house.IsAlive(i))
            {
                house.End(i);
            }
        }
    }

    private static void Send(
        ServerHouse house,
        HostileMessages messages,
        Random random,
        int actor,
        HashSet<string> tried
    )
    {
        RpcMethodShape shape = RpcTable.At(random.Next(RpcTable.Count));
        while (random.Next(2) == 0 && shape.InterfaceHash != ParentMethods.InterfaceHash)
        {
            // Sessions take some steps of two children, one after the other.
            shape = RpcTable.At(random.Next(RpcTable.Count));
        }
        uint[] slots = house.SlotsOf(actor);
        uint target = TargetOf(house, random, actor, slots, in shape);
        var message = new RpcMessage();
        messages.Make(ref message, in shape, slots);
        bool isDamaged = random.Next(4) == 0 && messages.TryDamage(ref message, slots);
        Accounts before = house.Count();
        RpcStatus status = Delivery.Call(house, actor, target, ref message, out bool isHeld);
        foreach ((_, _, _, ulong session) in house.Kernel.Answers)
        {
            messages.Learn(session);
        }
        house.Kernel.Answers.Clear();
        string name = $"{Text(shape.InterfaceName)}.{Text(shape.MethodName)}";
        if (isHeld)
        {
            tried.Add(name);
            return;
        }
        Assert.False(isDamaged && status == RpcStatus.Ok, $"{name}: a damaged message was taken for a request");
        ulong result = status == RpcStatus.Ok ? message.Words[messages.ResultWord] : ulong.MaxValue;
        if (status == RpcStatus.Ok)
        {
            tried.Add(name);
            for (int i = messages.ResultWord; i < message.Length; i++)
            {
                messages.Learn(message.Words[i]);
            }
        }
        // Map maps what it can: tables and windows up to where it stops are kept, and paid by who asked.
        if (result != 0 && name != "IPdSession.Map" && !HasDoneAPiece(name, result))
        {
            Assert.True(before == house.Count(), $"{name} answers {status} {result}:\n{before}\n{house.Count()}");
        }
    }

    /// <summary>What takes many requests is no refusal.</summary>
    private static bool HasDoneAPiece(string name, ulong result) =>
        name switch
        {
            "IPdSession.AllocateRam" => result == (ulong)AllocationResult.NotYet,
            "IPdSession.FreeRam" => result == (ulong)DataspaceResult.NotYet,
            "IRmSession.Destroy" => result == (ulong)RegionMapResult.NotYet,
            _ => false,
        };

    /// <summary>Mostly an object that serves the method.</summary>
    private static uint TargetOf(ServerHouse house, Random random, int actor, uint[] slots, in RpcMethodShape shape)
    {
        uint target = slots[random.Next(slots.Length)];
        for (int i = 0; i < 20 && !house.Serves(actor, target, shape.InterfaceHash); i++)
        {
            target = slots[random.Next(slots.Length)];
        }
        return target;
    }

    private static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text);
}
