using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;

namespace Skerry.Base.Servers.Objects;

/// <summary>Entries of the table of objects that have one payer.</summary>
internal struct ObjectPage
{
    public const int Entries = 64;

    internal EntryList List;

    internal unsafe struct Entry
    {
        public void* Item;
        public ulong Handle;
        public CapabilitySlot Capability;
        public uint NextFree;
    }

    [InlineArray(Entries)]
    internal struct EntryList
    {
        private Entry _entry;
    }
}
