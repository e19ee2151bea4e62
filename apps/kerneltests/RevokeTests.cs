using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// A revoke is not outrun: the other CPUs go on deriving from what it has not reached yet, each a chain that it lengthens
/// at one end while the revoke takes it away at the other. What counts is copies, not time: while the revoke is under way,
/// whoever wants to make one helps it instead, so there cannot be more copies than there were capabilities.
/// </summary>
internal static unsafe class RevokeTests
{
    private const ulong FewestRounds = 4;

    /// <summary>As many as the host can run at once, or nearly.</summary>
    private const uint MostCpus = 4;

    /// <summary>Few: on a host with less processors than this the lock comes round only as often as the host switches.</summary>
    private const uint SlotsEach = 32;
    private const uint Priority = 20;

    /// <summary>What a chain has before the revoke begins, at least.</summary>
    private const ulong Length = SlotsEach / 2;

    private static EndpointCapability revoked;

    /// <summary>The newest child, so the first that the revoke takes: with it gone, the revoke is under way or at its end.</summary>
    private static CapabilitySlot newest;
    private static CapabilitySlot chains;

    /// <summary>By copier: copies that it made, the last of which is the end of its chain.</summary>
    private static CountList made;

    /// <summary>Number of the round whose revoke is under way; 0 between two.</summary>
    private static ulong revoking;

    /// <summary>Copies that copiers began in the midst of a revoke, with whatever end.</summary>
    private static ulong tried;

    /// <summary>Those that were made before the end of the same revoke, of the round's.</summary>
    private static ulong late;

    private static uint Copiers => (Workshop.Facts->CpuCount < MostCpus ? Workshop.Facts->CpuCount : MostCpus) - 1;

    /// <summary>Behind so many late copies, copiers stop: the revoke has been outrun.</summary>
    private static ulong MostLate => Copiers * SlotsEach;

    public static bool Run()
    {
        if (Workshop.Facts->CpuCount < 2)
        {
            return true;
        }
        revoked = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        newest = Workshop.Slots(1);
        chains = Workshop.Slots(Copiers * SlotsEach);
        WorkerList copiers = default;
        for (uint i = 0; i < Copiers; i++)
        {
            var copier = new CapabilitySlot(i);
            copiers[(int)i] = Worker.Make(Workshop.OwnSpace, i + 1, Priority, Role.ChainCopier, copier);
            copiers[(int)i].Start();
        }
        bool passed = Rounds(out ulong most);
        for (uint i = 0; i < Copiers; i++)
        {
            Workshop.Must(copiers[(int)i].Thread.Suspend());
        }
        Console.Test("revoke-not-outrun"u8, passed, "copies"u8, most);
        return passed;
    }

    /// <summary>As many as it takes until one has met a copier in the middle of it.</summary>
    private static bool Rounds(out ulong most)
    {
        bool passed = true;
        most = 0;
        for (ulong round = 1; passed && (round <= FewestRounds || Volatile.Read(ref tried) == 0); round++)
        {
            bool gone = RevokesAll(round);
            passed = gone && late < MostLate;
            most = late > most ? late : most;
        }
        return passed;
    }

    /// <returns>Whether nothing is left, with the copiers still trying.</returns>
    private static bool RevokesAll(ulong round)
    {
        CapTableCapability own = CapTableCapability.Own;
        Volatile.Write(ref late, 0);
        for (uint i = 0; i < Copiers; i++)
        {
            ulong before = Volatile.Read(ref made[(int)i]);
            while (Volatile.Read(ref made[(int)i]) < before + Length)
            {
                // It may be going already, and the end that was read may be the one before.
                ulong end = Volatile.Read(ref made[(int)i]);
                Status status = own.Copy(Place(i, end), own, revoked.Slot, ObjectRights.All);
                Workshop.Must(status == Status.SlotOccupied ? Status.Ok : status);
            }
        }
        Workshop.Must(own.Copy(newest, own, revoked.Slot, ObjectRights.All));
        Volatile.Write(ref revoking, round);
        Workshop.Must(own.Revoke(revoked.Slot));
        Volatile.Write(ref revoking, 0);
        bool gone = IsGone(newest);
        for (uint i = 0; i < Copiers * SlotsEach; i++)
        {
            gone &= IsGone(chains.Next(i));
        }
        return gone;
    }

    /// <summary>
    /// Lengthens its own chain, or begins it anew behind that of another. The oldest makes room when the slots are full.
    /// </summary>
    public static void Copy(uint copier)
    {
        CapTableCapability own = CapTableCapability.Own;
        uint source = copier;
        while (Volatile.Read(ref late) < MostLate)
        {
            ulong round = Volatile.Read(ref revoking);
            bool isLate = round != 0 && IsGone(newest) && Volatile.Read(ref revoking) == round;
            Interlocked.Add(ref tried, isLate ? 1ul : 0ul);
            CapabilitySlot place = Place(copier, made[(int)copier] + 1);
            CapabilitySlot end = Place(source, Volatile.Read(ref made[(int)source]));
            Status status = own.Copy(place, own, end, ObjectRights.All);
            isLate &= Volatile.Read(ref revoking) == round;
            switch (status)
            {
                case Status.Ok:
                    Interlocked.Add(ref late, isLate ? 1ul : 0ul);
                    Volatile.Write(ref made[(int)copier], made[(int)copier] + 1);
                    source = copier;
                    break;
                case Status.SlotOccupied:
                    own.Delete(place);
                    break;
                default:
                    source = source + 1 == Copiers ? 0 : source + 1;
                    break;
            }
        }
        while (true)
        {
            Processor.Yield();
        }
    }

    private static CapabilitySlot Place(uint copier, ulong copy) =>
        chains.Next(copier * SlotsEach + (uint)(copy % SlotsEach));

    private static bool IsGone(CapabilitySlot slot) =>
        new EndpointCapability(slot).NBSend(Message.Of(0)) == Status.InvalidCapability;

    [InlineArray((int)MostCpus)]
    private struct WorkerList
    {
        private Worker _worker;
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct CountList
    {
        private ulong _count;
    }
}
