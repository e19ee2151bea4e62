using System;
using System.Threading;
using Skerry.Abi.Boot;
using Skerry.Boot.Interrupts;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>The machine's I/O APICs, before any kernel runs.</summary>
internal static unsafe class IoApics
{
    /// <summary>Those that are none are left out.</summary>
    public static void Silence(ReadOnlySpan<byte> memoryMap, ref InterruptSources sources, ref WarningList warnings)
    {
        InterruptSources named = sources;
        sources.IoApicCount = 0;
        for (int i = 0; i < named.IoApicCount; i++)
        {
            IoApicDescription ioApic = named.IoApics[i];
            if (IoApicPlaces.MayBe(ioApic, ref sources, memoryMap, LocalApic.Address, ref warnings))
            {
                var window = new Window(ioApic.PhysicalAddress);
                ioApic.InputCount = IoApicMasking.CloseAll(ref window);
                IoApicPlaces.Add(ioApic, ref sources, ref warnings);
            }
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
