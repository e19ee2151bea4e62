using System.Collections.Generic;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// Two I/O APICs as the datasheet describes them, with the lines that the test moves. What they send stands in
/// <see cref="Sent"/> until the test delivers it.
/// </summary>
internal static class IoApicRegisters
{
    public const uint FirstInputs = 24;
    public const uint SecondBase = 32;
    public const uint SecondInputs = 8;

    private const uint FirstIndex = 0x10;
    private const ulong RemoteIrr = 1 << 14;
    private const ulong Level = 1 << 15;
    private const ulong Mask = 1 << 16;
    private const ulong ReadOnly = RemoteIrr | 1 << 12;

    private static readonly ulong[][] _entries = [new ulong[FirstInputs], new ulong[SecondInputs]];
    private static readonly bool[][] _asserted = [new bool[FirstInputs], new bool[SecondInputs]];

    /// <summary>APIC id and vector.</summary>
    public static readonly List<(uint ApicId, int Vector)> Sent = [];

    /// <summary>What bootstrap says of them.</summary>
    public static InterruptSources Sources;

    public static ulong Entry(uint interrupt) =>
        interrupt >= SecondBase ? _entries[1][interrupt - SecondBase] : _entries[0][interrupt];

    public static void Reset()
    {
        Sent.Clear();
        for (int i = 0; i < 2; i++)
        {
            System.Array.Fill(_entries[i], Mask);
            System.Array.Clear(_asserted[i]);
        }
        Sources = default;
        Sources.IoApicCount = 2;
        Sources.IoApics[0] = new() { PhysicalAddress = 0xfec0_0000, InputCount = FirstInputs };
        Sources.IoApics[1] = new()
        {
            PhysicalAddress = 0xfec0_1400,
            FirstInterrupt = SecondBase,
            InputCount = SecondInputs,
        };
    }

    public static uint Read(uint ioApic, ulong physicalAddress, uint index)
    {
        Check(ioApic, physicalAddress);
        ulong entry = _entries[ioApic][(index - FirstIndex) / 2];
        return (index & 1) == 0 ? (uint)entry : (uint)(entry >> 32);
    }

    public static void Write(uint ioApic, ulong physicalAddress, uint index, uint value)
    {
        Check(ioApic, physicalAddress);
        uint input = (index - FirstIndex) / 2;
        ref ulong entry = ref _entries[ioApic][input];
        entry =
            (index & 1) == 0
                ? (entry & ~0xffff_fffful) | (value & ~ReadOnly) | (entry & ReadOnly)
                : (uint)entry | ((ulong)value << 32);
        if ((entry & Level) == 0)
        {
            entry &= ~RemoteIrr;
        }
        SendIfLevel(ioApic, input);
    }

    /// <summary>A device moves its line; an edge is sent if the input is open, and lost if not.</summary>
    public static void SetLine(uint interrupt, bool asserted)
    {
        uint ioApic = interrupt >= SecondBase ? 1u : 0u;
        uint input = ioApic == 1 ? interrupt - SecondBase : interrupt;
        bool rises = asserted && !_asserted[ioApic][input];
        _asserted[ioApic][input] = asserted;
        ulong entry = _entries[ioApic][input];
        if (rises && (entry & (Mask | Level)) == 0)
        {
            Send(entry);
        }
        SendIfLevel(ioApic, input);
    }

    /// <summary>The local APIC tells all of them which vector has ended.</summary>
    public static void EndOfInterrupt(int vector)
    {
        for (uint ioApic = 0; ioApic < 2; ioApic++)
        {
            for (uint input = 0; input < _entries[ioApic].Length; input++)
            {
                if ((byte)_entries[ioApic][input] == vector)
                {
                    _entries[ioApic][input] &= ~RemoteIrr;
                    SendIfLevel(ioApic, input);
                }
            }
        }
    }

    private static void SendIfLevel(uint ioApic, uint input)
    {
        ref ulong entry = ref _entries[ioApic][input];
        if (_asserted[ioApic][input] && (entry & (Mask | Level | RemoteIrr)) == Level)
        {
            entry |= RemoteIrr;
            Send(entry);
        }
    }

    private static void Send(ulong entry) => Sent.Add(((uint)(entry >> 56), (byte)entry));

    private static void Check(uint ioApic, ulong physicalAddress)
    {
        if (physicalAddress != Sources.IoApics[(int)ioApic].PhysicalAddress)
        {
            throw new System.ArgumentException("another I/O APIC's address", nameof(physicalAddress));
        }
    }
}
