using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>Many threads that wait at one object, and come back when it has gone.</summary>
internal static class Throng
{
    public const int Count = 64;

    private static NotificationCapability go;
    private static CapabilitySlot target;
    private static Deed deed;

    public static void Open(uint priority)
    {
        go = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        for (int i = 0; i < Count; i++)
        {
            Worker.Make(Workshop.OwnSpace, 0, priority, Role.Sender, CapabilitySlot.Null).Start();
        }
    }

    /// <summary>Each thread is better than the caller, so it waits there when the signal is answered.</summary>
    public static void WaitAt(CapabilitySlot slot, Deed what)
    {
        target = slot;
        deed = what;
        for (int i = 0; i < Count; i++)
        {
            Subject.Check(go.Signal());
        }
    }

    /// <summary>One of them.</summary>
    public static void Be()
    {
        while (true)
        {
            go.Wait(out _);
            Message message = Message.Of(1);
            switch (deed)
            {
                case Deed.Send:
                    new EndpointCapability(target).Send(in message);
                    break;
                case Deed.Call:
                    new EndpointCapability(target).Call(ref message);
                    break;
                default:
                    new NotificationCapability(target).Wait(out _);
                    break;
            }
        }
    }

    /// <summary>What each of them waits with.</summary>
    public enum Deed
    {
        Send,
        Call,
        Wait,
    }
}
