using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Two threads of a CPU: a message from one to the other makes three copies of a capability in one call.</summary>
internal sealed unsafe class Courier
{
    public const uint Load = 3;

    private readonly World _world;
    private readonly Worker _receiver;
    private readonly Worker _sender;
    private readonly uint _meet;

    public Courier(World world, uint cpu)
    {
        _world = world;
        _meet = world.Make(ObjectType.Endpoint, cpu);
        _receiver = world.Start(cpu, buffer: true);
        _receiver.Thread->Buffer->ReceiveCount = Load;
        world.Call(cpu, SystemCall.Recv, _meet);
        _sender = world.Start(cpu, buffer: true);
    }

    public bool Waits => _receiver.State == ThreadState.Receiving;

    /// <summary>One call of the sender, while the receiver waits.</summary>
    public void Bring(uint source, uint to)
    {
        _receiver.Thread->Buffer->ReceiveSlot = to;
        for (int i = 0; i < Load; i++)
        {
            _sender.Thread->Buffer->SendSlots[i] = source;
        }
        Call(_sender, SystemCall.Send, MessageInfo.Of(1, 0, (int)Load).Value);
    }

    /// <summary>One call of the receiver, so that it waits again.</summary>
    public void Return() => Call(_receiver, SystemCall.Recv, 0);

    private void Call(Worker worker, SystemCall call, ulong info)
    {
        _world.SwitchTo(worker.Thread);
        _world.CallAmongOthers(worker.Thread, call, _meet, info);
    }
}
