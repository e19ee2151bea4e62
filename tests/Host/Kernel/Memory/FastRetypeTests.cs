using System;
using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>One small object made by the fast way: the same memory as by the slow one, and the same refusals.</summary>
public sealed unsafe class FastRetypeTests
{
    private const ObjectType E = ObjectType.Endpoint;
    private const ObjectType N = ObjectType.Notification;
    private const ObjectType R = ObjectType.Reply;

    /// <summary>Objects of both sizes, so that some need alignment and some do not.</summary>
    private static readonly ObjectType[] _types = [E, E, N, R, E, N, N, R];

    [Fact]
    public void WhatItMakesIsTheSame()
    {
        byte[] slow = Made(fastpath: false, out int none);
        byte[] fast = Made(fastpath: true, out int taken);
        Assert.Equal(0, none);
        Assert.Equal(_types.Length, taken);
        Assert.Null(Snapshot.FirstDifference(slow, fast));
    }

    private static byte[] Made(bool fastpath, out int taken)
    {
        var world = new World(2) { UseFastpath = false };
        uint untyped = world.Make(ObjectType.Untyped, sizeBits: 16);
        // With no child memory is zeroed, or known to be zero, which is the slow path's business.
        Assert.Equal(Status.Ok, world.Retype(untyped, E, world.NewSlot()));
        world.UseFastpath = fastpath;
        int before = world.FastCalls;
        foreach (ObjectType type in _types)
        {
            Assert.Equal(Status.Ok, world.Retype(untyped, type, world.NewSlot()));
        }
        taken = world.FastCalls - before;
        Assert.Empty(Invariants.Broken(world));
        return Snapshot.Take();
    }

    public static TheoryData<string, Status> Declined =>
        new()
        {
            { "occupied slot", Status.SlotOccupied },
            { "slot 0", Status.InvalidArgument },
            { "slot beyond the table", Status.InvalidArgument },
            { "two objects", Status.Ok },
            { "a size", Status.Ok },
            { "another CPU's", Status.Ok },
            { "no such CPU", Status.InvalidArgument },
            { "another table", Status.Ok },
            { "another type", Status.Ok },
            { "full", Status.OutOfMemory },
            { "nothing made of it", Status.Ok },
            { "no untyped memory", Status.WrongObjectType },
        };

    [Theory]
    [MemberData(nameof(Declined))]
    public void WhatItDeclinesTheSlowPathAnswers(string reason, Status expected)
    {
        var world = new World(2);
        uint untyped = world.Make(ObjectType.Untyped, sizeBits: 7);
        uint first = world.NewSlot();
        if (reason != "nothing made of it")
        {
            Assert.Equal(Status.Ok, world.Retype(untyped, E, first));
        }
        if (reason == "full")
        {
            Assert.Equal(Status.Ok, world.Retype(untyped, E, world.NewSlot()));
        }
        uint table = world.Make(ObjectType.CapTable, sizeBits: 4);
        uint slot = world.NewSlot(2);
        ulong word0 = reason switch
        {
            "two objects" => World.RetypeWord(R, count: 2),
            "a size" => World.RetypeWord(E, sizeBits: 3),
            "another CPU's" => World.RetypeWord(E, cpu: 1),
            "no such CPU" => World.RetypeWord(E, cpu: 2),
            "another type" => World.RetypeWord(ObjectType.Untyped, sizeBits: 6),
            _ => World.RetypeWord(E),
        };
        ulong word1 = reason switch
        {
            "occupied slot" => World.Pack(0, first),
            "slot 0" => World.Pack(0, 0),
            "slot beyond the table" => World.Pack(0, 1u << World.TableBits),
            "another table" => World.Pack(table, 3),
            _ => World.Pack(0, slot),
        };
        uint from = reason switch
        {
            "no untyped memory" => world.Make(N),
            "two objects" or "another type" => World.Untyped,
            _ => untyped,
        };
        int before = world.FastCalls;
        Assert.Equal(expected, world.Invoke(0, from, (ulong)UntypedOperation.Retype, word0, word1));
        Assert.Equal(before, world.FastCalls);
        Assert.Empty(Invariants.Broken(world));
    }
}
