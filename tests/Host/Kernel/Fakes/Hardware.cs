using System;
using System.Collections.Generic;

namespace Skerry.Kernel.Machine;

/// <summary>The CPU idles: what leaves the kernel that way comes back to the test as this.</summary>
internal sealed class IdleException : Exception;

/// <summary>The processor of the tests: counts what it is asked for, and has the time that the test sets.</summary>
internal static unsafe class Hardware
{
    public static ulong Clock;
    public static int RootLoads;
    public static int PageInvalidations;
    public static ulong LoadedRoot;
    public static ulong LastPortWrite;

    public static void Out8(ushort port, byte value) => LastPortWrite = ((ulong)port << 32) | value;

    public static byte In8(ushort port) => (byte)(port ^ 0x5a);

    public static void Out16(ushort port, ushort value) => LastPortWrite = ((ulong)port << 32) | value;

    public static ushort In16(ushort port) => (ushort)(port ^ 0x5a5a);

    public static void Out32(ushort port, uint value) => LastPortWrite = ((ulong)port << 32) | value;

    public static uint In32(ushort port) => port ^ 0x5a5a_5a5au;

    public static ulong ReadTimeStampCounter() => Clock;

    /// <summary>Of the CPU that the test speaks of; those that it does not have are 0.</summary>
    public static Dictionary<uint, ulong> ModelSpecificRegisters = [];

    public static ulong ReadModelSpecificRegister(uint number) => ModelSpecificRegisters.GetValueOrDefault(number);

    public static void WriteModelSpecificRegister(uint number, ulong value) => ModelSpecificRegisters[number] = value;

    public static void LoadRoot(ulong physicalRoot)
    {
        RootLoads++;
        LoadedRoot = physicalRoot;
    }

    public static void InvalidatePage(ulong _) => PageInvalidations++;

    public static void Idle(Cpu* cpu) => throw new IdleException();
}
