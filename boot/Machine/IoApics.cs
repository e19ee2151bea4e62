using System.Threading;
using Skerry.Abi.Boot;
using Skerry.Boot.Interrupts;

namespace Skerry.Boot.Machine;

/// <summary>The machine's I/O APICs, before any kernel runs.</summary>
internal static unsafe class IoApics
{
    public static void Silence(ref InterruptSources sources)
    {
        for (int i = 0; i < sources.IoApicCount; i++)
        {
            var window = new Window(sources.IoApics[i].PhysicalAddress);
            sources.IoApics[i].InputCount = IoApicMasking.CloseAll(ref window);
        }
    }

    /// <summary>Through the identity map: the MADT's address is one of 32 bits. Index at 0, data at 0x10.</summary>
    private readonly struct Window(ulong address) : IIoApicRegisters
    {
        private const ulong DataOffset = 0x10;

        private readonly uint* _index = (uint*)address;
        private readonly uint* _data = (uint*)(address + DataOffset);

        public uint Read(uint index)
        {
            Volatile.Write(ref *_index, index);
            return Volatile.Read(ref *_data);
        }

        public void Write(uint index, uint value)
        {
            Volatile.Write(ref *_index, index);
            Volatile.Write(ref *_data, value);
        }
    }
}
