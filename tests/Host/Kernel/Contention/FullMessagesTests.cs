using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Senders of one CPU each send a message of 64 words and three capabilities to a CPU that does not come to serve. It serves
/// them in one piece then, so few of them make a full list.
/// </summary>
public sealed unsafe class FullMessagesTests
{
    private const int Senders = 24;
    private const uint Capabilities = 3;

    private readonly World _world = new(2);

    [Theory]
    [InlineData(64, (int)Capabilities, 3)]
    [InlineData(64, 0, 4)]
    [InlineData(4, 0, 17)]
    public void FewOfThemAreWaitedFor(int words, int capabilities, int most)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, 1);
        for (int i = 0; i < Senders; i++)
        {
            Worker receiver = Start(1);
            receiver.Thread->Buffer->ReceiveSlot = _world.NewSlot(Capabilities);
            receiver.Thread->Buffer->ReceiveCount = Capabilities;
            _world.Call(1, SystemCall.Recv, endpoint);
        }
        uint gift = _world.Make(ObjectType.Notification);
        int sent = 0;
        for (; sent < Senders && !Requests.MustWait(_world.Cpu(0)); sent++)
        {
            Worker sender = Start(0);
            for (int slot = 0; slot < (int)Capabilities; slot++)
            {
                sender.Thread->Buffer->SendSlots[slot] = gift;
            }
            _world.Call(0, SystemCall.Send, endpoint, MessageInfo.Of(1, words, capabilities).Value);
        }
        Assert.Equal(most, sent);
        ulong before = Served;
        _world.Serve(1);
        Assert.Equal((ulong)most, Served - before);
        Assert.Empty(Invariants.Broken(_world));
    }

    private Worker Start(uint cpu)
    {
        Worker worker = _world.Start(cpu, 20, buffer: true);
        _world.SwitchTo(worker.Thread);
        return worker;
    }

    private ulong Served => _world.Cpu(1)->Counters[(int)CpuCounter.RequestsServed];
}
