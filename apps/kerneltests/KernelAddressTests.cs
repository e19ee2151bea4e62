using System.Threading;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// User mode reads addresses of the kernel: each is a page fault of user mode like others. Whether the page was present
/// tells what of the kernel is mapped in user mode: everything, or with mitigations what its doors need and no more.
/// </summary>
internal static unsafe class KernelAddressTests
{
    private const uint Priority = 41;
    private const uint Places = 8;

    private static ulong faultAddress;
    private static ulong faultAccess;

    private static bool AreMitigated => (Workshop.Facts->Flags & BootFlags.Mitigations) != 0;

    /// <summary>The pager of FaultTests runs.</summary>
    public static bool Run()
    {
        ulong wrong = 0;
        for (uint place = 0; place < Places; place++)
        {
            Worker worker = Worker.Make(Workshop.OwnSpace, 0, Priority, Role.KernelReader, new CapabilitySlot(place));
            worker.Start();
            while (worker.State != ThreadState.Faulted)
            {
                Processor.Yield();
            }
            ulong expected = (ulong)FaultAccess.User | (IsPresent(place) ? (ulong)FaultAccess.Present : 0);
            bool isRight =
                Volatile.Read(ref faultAddress) == Address(place) && Volatile.Read(ref faultAccess) == expected;
            wrong |= isRight ? 0 : 1ul << (int)place;
        }
        Console.Test("addresses"u8, wrong == 0, "places that were not as expected"u8, wrong);
        return wrong == 0;
    }

    /// <summary>The pager has received such a fault.</summary>
    public static void Note(in Message message)
    {
        Volatile.Write(ref faultAccess, message.Word2);
        Volatile.Write(ref faultAddress, message.Word0);
    }

    public static void Read(uint place)
    {
        Volatile.Read(ref *(ulong*)Address(place));
        Worker.WaitForEver();
    }

    private static ulong Address(uint place) =>
        place switch
        {
            0 => KernelLayout.Image,
            1 => KernelLayout.CpuSlot(0),
            2 => KernelLayout.InterruptTables,
            3 => KernelLayout.Image + Workshop.Facts->KernelTextBytes - sizeof(ulong),
            4 => KernelLayout.Image + Workshop.Facts->KernelImage.Length - sizeof(ulong),
            5 => KernelLayout.DirectMap + Workshop.Facts->KernelImage.Base,
            6 => KernelLayout.StackTop(0) - sizeof(ulong),
            _ => KernelLayout.LocalApic,
        };

    private static bool IsPresent(uint place) =>
        place switch
        {
            0 => true,
            1 or 2 => AreMitigated,
            _ => !AreMitigated,
        };
}
