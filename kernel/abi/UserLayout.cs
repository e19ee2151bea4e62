namespace Skerry.Abi;

/// <summary>The virtual addresses that the kernel, the servers and every component agree on.</summary>
public static class UserLayout
{
    public const ulong PageSize = 4096;

    /// <summary>Where images are linked to (build/link/component.ld).</summary>
    public const ulong ImageBase = 0x40_0000;

    /// <summary>Read-only page that tells a component who it is: core's CoreInformation, others' startup block.</summary>
    public const ulong InformationPage = 0x1000_0000;

    /// <summary>
    /// Stacks: one slot of this size for each thread, aligned to it, so that code finds its thread by masking rsp. The
    /// first page of a slot holds the message buffer, the second is never mapped, the stack grows down from the end.
    /// </summary>
    public const ulong StackAreaBase = 0x4000_0000;
    public const ulong StackSlotSize = 0x10_0000;
    public const ulong StackAreaSlots = 1024;

    /// <summary>Where the component's own arenas lie.</summary>
    public const ulong HeapBase = 0x1_0000_0000;
    public const ulong HeapSize = 0x1_0000_0000;

    /// <summary>Where attach puts what names no address.</summary>
    public const ulong AttachBase = 0x10_0000_0000;

    /// <summary>First address that no component can have.</summary>
    public const ulong UserEnd = 0x0000_7fff_ffff_f000;
}
