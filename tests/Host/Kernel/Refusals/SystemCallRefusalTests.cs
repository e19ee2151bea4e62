using System.Collections.Generic;
using Skerry.Abi;
using Xunit;
using static Skerry.Tests.Host.Kernel.RefusalWorld;

namespace Skerry.Tests.Host.Kernel;

/// <summary>System calls that are refused: the status says why, the caller runs on, and nothing has changed.</summary>
public sealed unsafe class SystemCallRefusalTests
{
    private static readonly Dictionary<string, (SystemCall Call, ulong Slot, ulong Info, Status Expected)> _cases =
        new()
        {
            ["no system call"] = ((SystemCall)12, Endpoint, 0, Status.UnknownSystemCall),
            ["call: nested in what is no table"] = (SystemCall.Call, 1ul << 32 | Endpoint, 0, Status.NotATable),
            ["call: nested in an empty slot"] = (SystemCall.Call, 1ul << 32 | Empty, 0, Status.MissingTable),
            ["call: nested in a slot outside"] = (SystemCall.Call, 1ul << 32 | 1024, 0, Status.MissingTable),
            ["call: nested in slot 0"] = (SystemCall.Call, 1ul << 32, 0, Status.InvalidCapability),
            ["call: empty slot of a nested table"] = (SystemCall.Call, 1ul << 32 | Table, 0, Status.InvalidCapability),
            ["call: outside a nested table"] = (SystemCall.Call, 16ul << 32 | Table, 0, Status.InvalidCapability),
            ["receive: nested in what is no table"] = (SystemCall.Recv, 1ul << 32 | Endpoint, 0, Status.NotATable),
            ["signal: nested in an empty slot"] = (SystemCall.Signal, 1ul << 32 | Empty, 0, Status.MissingTable),
            ["wait: nested in an empty slot, short"] = (SystemCall.Wait, 31u << 24 | 1, 0, Status.MissingTable),
            ["call: empty slot"] = (SystemCall.Call, Empty, 0, Status.InvalidCapability),
            ["call: slot 0"] = (SystemCall.Call, 0, 0, Status.InvalidCapability),
            ["call: slot outside"] = (SystemCall.Call, 1 << World.TableBits, 0, Status.InvalidCapability),
            ["call: a frame"] = (SystemCall.Call, Frame, 0, Status.WrongObjectType),
            ["call: a Reply object"] = (SystemCall.Call, Reply, 0, Status.WrongObjectType),
            ["call: may not send"] = (SystemCall.Call, ReceiveOnly, 0, Status.MissingRight),
            ["call: too many words"] = (SystemCall.Call, Endpoint, 65, Status.MessageTooLong),
            ["call: too many capabilities"] = (SystemCall.Call, Endpoint, 4 << 8, Status.MessageTooLong),
            ["call: five words without a buffer"] = (SystemCall.Call, Endpoint, 5, Status.MessageTooLong),
            ["call: a capability without a buffer"] = (SystemCall.Call, Endpoint, 1 << 8, Status.MessageTooLong),
            ["send: a notification"] = (SystemCall.Send, Notification, 0, Status.WrongObjectType),
            ["send: a Reply object without a caller"] = (SystemCall.Send, Reply, 0, Status.NoCaller),
            ["send without waiting: nobody receives"] = (SystemCall.NBSend, Endpoint, 0, Status.WouldBlock),
            ["send without waiting: another CPU"] = (SystemCall.NBSend, RemoteEndpoint, 0, Status.WrongCpu),
            ["receive: may not"] = (SystemCall.Recv, SendOnly, 0, Status.MissingRight),
            ["receive: a notification"] = (SystemCall.Recv, Notification, 0, Status.WrongObjectType),
            ["receive: another CPU"] = (SystemCall.Recv, RemoteEndpoint, 0, Status.WrongCpu),
            ["receive without waiting: nobody sends"] = (SystemCall.NBRecv, Endpoint, 0, Status.WouldBlock),
            ["reply and receive: may not"] = (SystemCall.ReplyRecv, SendOnly, 0, Status.MissingRight),
            ["reply and receive: too many words"] = (SystemCall.ReplyRecv, Endpoint, 65, Status.MessageTooLong),
            ["reply and map: no faulter"] = (SystemCall.ReplyMapRecv, Endpoint, 0, Status.NoCaller),
            ["signal: an endpoint"] = (SystemCall.Signal, Endpoint, 0, Status.WrongObjectType),
            ["signal: may not"] = (SystemCall.Signal, WaitOnly, 0, Status.MissingRight),
            ["signal: empty slot"] = (SystemCall.Signal, Empty, 0, Status.InvalidCapability),
            ["wait: may not"] = (SystemCall.Wait, SignalOnly, 0, Status.MissingRight),
            ["wait: another CPU"] = (SystemCall.Wait, RemoteNotification, 0, Status.WrongCpu),
            ["wait: an endpoint"] = (SystemCall.Wait, Endpoint, 0, Status.WrongObjectType),
            ["poll: no bits"] = (SystemCall.Poll, Notification, 0, Status.WouldBlock),
        };

    private const uint ReceiveOnly = 60;
    private const uint RemoteEndpoint = 61;

    public static TheoryData<string> Names => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingChanges(string name)
    {
        World world = new RefusalWorld().World;
        Assert.Equal(Status.Ok, world.Copy(ReceiveOnly, Endpoint, (uint)EndpointRights.Receive));
        Assert.Equal(Status.Ok, world.Retype(World.Untyped, ObjectType.Endpoint, RemoteEndpoint, cpu: 1));
        (SystemCall call, ulong slot, ulong info, Status expected) = _cases[name];
        byte[] before = Snapshot.Take();
        Assert.True(world.Call(0, call, slot, info) == world.Operator(0));
        Assert.Equal(expected, (Status)world.Operator(0)->Rax);
        Assert.Null(Snapshot.FirstDifference(before, Snapshot.Take()));
        Assert.Empty(Invariants.Broken(world));
    }
}
