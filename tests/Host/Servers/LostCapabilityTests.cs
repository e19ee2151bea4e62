using System.Linq;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// A capability that was sent and did not arrive, or arrived as something else, is not taken for none: the request is refused
/// and changes nothing.
/// </summary>
[Collection("CapabilitySlots")]
public sealed class LostCapabilityTests
{
    private const int C = ServerHouse.Client;
    private const int P = ServerHouse.Provider;

    [Fact]
    public void NoMethodSucceedsWithoutACapabilityThatWasSent()
    {
        using ServerHouse house = Started();
        int tried = 0;
        for (int i = 0; i < RpcTable.Count; i++)
        {
            RpcMethodShape shape = RpcTable.At(i);
            uint hash = shape.InterfaceHash;
            uint target = house.SlotsOf(C).FirstOrDefault(slot => house.Serves(C, slot, hash));
            if (target == 0 || !TakesCapability(in shape))
            {
                continue;
            }
            tried++;
            var message = new RpcMessage();
            Make(ref message, in shape);
            (RpcStatus status, ulong result) = Lose(house, C, target, ref message);
            Assert.True(status == RpcStatus.Ok && result != 0, $"{Name(in shape)}: {status} {result}");
        }
        Assert.InRange(tried, 10, 100);
    }

    [Fact]
    public void AFaultHandlerIsRemovedOnPurposeAlone()
    {
        using ServerHouse house = Started();
        Course.Pd(C).AllocateNotification(0, out NotificationCapability signal);
        RegionMapClient<ChildTransport> space = Course.Space(C);
        Assert.Equal(RegionMapResult.Ok, space.SetFaultHandler(signal));
        uint kept = house.Count().Slots;
        var other = new NotificationCapability(new CapabilitySlot((uint)StartupSlot.Pd));
        Assert.Equal(RegionMapResult.InvalidArgument, space.SetFaultHandler(other));
        Assert.Equal(kept, house.Count().Slots);
        Assert.Equal(RegionMapResult.Ok, space.SetFaultHandler(default));
        Assert.Equal(kept + 1, house.Count().Slots);
    }

    [Fact]
    public void ANotificationOfAnotherKindIsNotBound()
    {
        using ServerHouse house = Started();
        var pd = new PdSessionCapability(Capability.In(new CapabilitySlot((uint)StartupSlot.Pd)));
        Course.Cpu(C).CreateThread(pd, "one"u8, Affinity.Cpu(0), 3, 0, out CpuThreadCapability made);
        var thread = new CpuThreadClient<ChildTransport>(Course.At(C, made.Capability));
        var other = new NotificationCapability(new CapabilitySlot((uint)StartupSlot.Pd));
        Assert.Equal(ThreadResult.InvalidArgument, thread.BindNotification(other));
    }

    /// <summary>The provider may answer again: with the capability, or that it has none to send.</summary>
    [Theory]
    [InlineData(SessionResult.Ok, ParentResult.Ok)]
    [InlineData(SessionResult.OutOfCapabilities, ParentResult.OutOfCapabilities)]
    public void ASessionWhoseCapabilityDidNotArriveIsStillAskedFor(SessionResult again, ParentResult told)
    {
        using ServerHouse house = Started();
        var course = new Course(house);
        foreach (Step step in Protocols.All["a session of a sibling"].Take(5))
        {
            step.Do(course);
        }
        ulong session = course.Request.Session.Value;
        Capability service = course.Endpoint.Capability;
        RpcMessage message = default;
        var writer = new MessageWriter(
            ref message,
            RpcLabel.Request(ParentMethods.InterfaceHash, ParentMethods.AnswerRequest)
        );
        writer.WriteWord(session);
        writer.WriteWord((ulong)SessionResult.Ok);
        writer.WriteCapability(service);
        (RpcStatus status, ulong result) = Lose(house, P, (uint)StartupSlot.Parent, ref message);
        Assert.Equal((RpcStatus.Ok, ParentResult.OutOfCapabilities), (status, (ParentResult)result));
        Assert.Empty(house.Kernel.Answers);
        var sent = new SessionCapability(again == SessionResult.Ok ? service : Capability.None);
        Assert.Equal(ParentResult.Ok, Course.Parent(P).AnswerRequest(course.Request.Session, again, sent));
        Assert.Equal((ulong)told, Assert.Single(house.Kernel.Answers).Word0);
    }

    private static ServerHouse Started()
    {
        var house = new ServerHouse();
        ChildTransport.House = house;
        Assert.True(house.TryStart(C) && house.TryStart(P));
        return house;
    }

    private static (RpcStatus Status, ulong Result) Lose(
        ServerHouse house,
        int child,
        uint target,
        ref RpcMessage message
    )
    {
        Accounts before = house.Count();
        RpcStatus status = Delivery.Call(house, child, target, ref message, out _, arrives: false);
        Assert.Equal(before, house.Count());
        return (status, message.Words[0]);
    }

    private static bool TakesCapability(in RpcMethodShape shape)
    {
        bool takes = false;
        for (int i = 0; i < shape.ParameterCount; i++)
        {
            takes |= shape.Parameter(i).Kind == RpcParameterKind.Capability;
        }
        return takes;
    }

    /// <summary>Of zeros, with a capability that the child has.</summary>
    private static void Make(ref RpcMessage message, in RpcMethodShape shape)
    {
        var writer = new MessageWriter(ref message, RpcLabel.Request(shape.InterfaceHash, shape.Method));
        for (int i = 0; i < shape.ParameterCount; i++)
        {
            RpcParameter parameter = shape.Parameter(i);
            if (parameter.Kind == RpcParameterKind.Capability)
            {
                writer.WriteCapability(Capability.In(new CapabilitySlot((uint)StartupSlot.Pd)));
                continue;
            }
            int words = parameter.Kind == RpcParameterKind.Text ? 1 : parameter.Words;
            for (int word = 0; word < words; word++)
            {
                writer.WriteWord(0);
            }
        }
    }

    private static string Name(in RpcMethodShape shape) =>
        System.Text.Encoding.UTF8.GetString(shape.InterfaceName)
        + "."
        + System.Text.Encoding.UTF8.GetString(shape.MethodName);
}
