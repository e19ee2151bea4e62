using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// Capabilities are delegated on one CPU, translated by a server's badge on another, and revoked on a third: whatever comes
/// first, nothing is left afterwards, and what arrives is what was sent.
/// </summary>
internal static unsafe class RaceTests
{
    private const ulong Rounds = 2000;
    private const uint Probes = 64;
    private const ulong FewestTranslations = 50;
    private const int MostSpins = 20_000;
    private const ulong Badge = 0x5ce1;

    private static EndpointCapability delegated;
    private static EndpointCapability server;
    private static CapabilitySlot minted;
    private static CapabilitySlot copied;
    private static ulong delegations;
    private static ulong translations;
    private static ulong wrong;

    public static bool Run()
    {
        uint cpus = Workshop.Facts->CpuCount;
        if (cpus < 2)
        {
            return true;
        }
        uint other = cpus > 2 ? 2u : 1;
        delegated = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        server = new EndpointCapability(Workshop.Make(ObjectType.Endpoint, other));
        Workshop.Must(delegated.JoinGroup(server));
        minted = Workshop.Slots(1);
        copied = Workshop.Slots(1);
        Worker receiver = Worker.Make(Workshop.OwnSpace, other, 30, Role.TranslationServer, server.Slot);
        Worker translator = Worker.Make(Workshop.OwnSpace, other, 20, Role.Translator, server.Slot);
        Worker delegator = Worker.Make(Workshop.OwnSpace, 1, 20, Role.Delegator, minted);
        receiver.Start();
        translator.Start();
        delegator.Start();
        bool gone = true;
        for (ulong round = 0; round < Rounds || Volatile.Read(ref translations) < FewestTranslations; round++)
        {
            gone &= Round(round % 4);
        }
        Workshop.Must(delegator.Thread.Suspend());
        Workshop.Must(translator.Thread.Suspend());
        Workshop.Must(receiver.Thread.Suspend());
        bool happened = delegations != 0 && translations != 0;
        Console.Test("races-leave-nothing"u8, gone && happened, "delegations"u8, delegations);
        Console.Test("races-translate-right"u8, wrong == 0 && happened, "translations"u8, translations);
        return gone && happened && wrong == 0 & UnknownSelectors();
    }

    /// <summary>Revokes at once, or when something has been done with what there is: then there is more to revoke.</summary>
    private static bool Round(ulong kind)
    {
        CapTableCapability own = CapTableCapability.Own;
        Workshop.Must(own.Mint(minted, own, delegated, EndpointRights.All, Badge));
        if (kind == 1)
        {
            Await(ref delegations);
        }
        else if (kind == 2)
        {
            Await(ref translations);
        }
        Workshop.Must(own.Revoke(delegated.Slot));
        // What was derived is gone, and nobody can derive more of it.
        return IsEmpty(minted) && IsEmpty(copied);
    }

    private static void Await(ref ulong counter)
    {
        ulong before = Volatile.Read(ref counter);
        for (int i = 0; i < MostSpins && Volatile.Read(ref counter) == before; i++)
        {
            // The others run on CPUs of their own.
        }
    }

    private static bool IsEmpty(CapabilitySlot slot) =>
        new EndpointCapability(slot).NBSend(Message.Of(0)) == Status.InvalidCapability;

    /// <summary>Slots that were never used, and such as no table has.</summary>
    private static bool UnknownSelectors()
    {
        bool none = true;
        CapabilitySlot unused = Workshop.Slots(Probes);
        for (uint i = 0; i < Probes; i++)
        {
            none &= new EndpointCapability(new CapabilitySlot(unused.Value + i)).NBSend(Message.Of(0)) != Status.Ok;
            none &= new EndpointCapability(new CapabilitySlot(1u << (int)(i % 32))).NBSend(Message.Of(0)) != Status.Ok;
            none &= new EndpointCapability(new CapabilitySlot(uint.MaxValue - i)).NBSend(Message.Of(0)) != Status.Ok;
        }
        Console.Test("unknown-selectors"u8, none, "probes"u8, 3 * Probes);
        return none;
    }

    public static void Delegate()
    {
        CapTableCapability own = CapTableCapability.Own;
        while (true)
        {
            Status status = own.Copy(copied, own, minted, EndpointRights.All);
            Interlocked.Add(ref delegations, status == Status.Ok ? 1ul : 0ul);
            bool allowed =
                status is Status.Ok or Status.InvalidCapability or Status.SlotOccupied or Status.BeingDeleted;
            Interlocked.Add(ref wrong, allowed ? 0ul : 1ul);
        }
    }

    /// <summary>Sends the copy to the server, which is told its badge, or nothing if it is not there.</summary>
    public static void Translate(EndpointCapability endpoint)
    {
        while (true)
        {
            SystemCalls.MessageBuffer.SendSlots[0] = copied.Value;
            var message = new Message { Info = MessageInfo.Of(0, 0, 1) };
            bool right = endpoint.Call(ref message) == Status.Ok;
            Interlocked.Add(ref wrong, right ? 0ul : 1ul);
        }
    }

    public static void Serve(EndpointCapability endpoint)
    {
        Status status = endpoint.Recv(out Message message);
        while (true)
        {
            ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
            bool came = status == Status.Ok && message.Info.Capabilities != 0;
            bool right = !came || buffer.Arrived[0] == (ulong)CapabilityArrival.Unwrapped && buffer.Badges[0] == Badge;
            Interlocked.Add(ref wrong, right ? 0ul : 1ul);
            Interlocked.Add(ref translations, came ? 1ul : 0ul);
            message = Message.Of(0);
            status = endpoint.ReplyRecv(ref message);
        }
    }
}
