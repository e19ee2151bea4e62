using System;
using System.Runtime.InteropServices;

namespace Skerry.Core.Lost;

/// <summary>Looks symbols up in a linked ELF64 file (System V ABI, chapter 4).</summary>
public static class ElfSymbols
{
    private const int HeaderBytes = 64;
    private const int SectionsOffset = 40;
    private const int SectionCountOffset = 60;
    private const int SectionBytes = 64;
    private const int SymbolBytes = 24;
    private const uint SymbolTable = 2;

    /// <summary>The value of a symbol: its address.</summary>
    /// <returns>False if the file has no such symbol, or is broken.</returns>
    public static bool TryFind(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name, out ulong value)
    {
        value = 0;
        if (file.Length < HeaderBytes)
        {
            return false;
        }
        ulong sections = Word(file, SectionsOffset);
        uint count = MemoryMarshal.Read<ushort>(file.Slice(SectionCountOffset));
        for (uint i = 0; i < count; i++)
        {
            if (
                TryCut(file, sections + i * SectionBytes, SectionBytes, out ReadOnlySpan<byte> section)
                && MemoryMarshal.Read<uint>(section.Slice(4)) == SymbolTable
            )
            {
                uint strings = MemoryMarshal.Read<uint>(section.Slice(40));
                return TryCut(file, sections + strings * SectionBytes, SectionBytes, out ReadOnlySpan<byte> names)
                    && TryCut(file, Word(names, 24), Word(names, 32), out ReadOnlySpan<byte> texts)
                    && TryCut(file, Word(section, 24), Word(section, 32), out ReadOnlySpan<byte> symbols)
                    && TryFind(symbols, texts, name, out value);
            }
        }
        return false;
    }

    private static bool TryFind(
        ReadOnlySpan<byte> symbols,
        ReadOnlySpan<byte> texts,
        ReadOnlySpan<byte> name,
        out ulong value
    )
    {
        for (int at = 0; at + SymbolBytes <= symbols.Length; at += SymbolBytes)
        {
            uint text = MemoryMarshal.Read<uint>(symbols.Slice(at));
            if (
                TryCut(texts, text, (ulong)name.Length + 1, out ReadOnlySpan<byte> found)
                && found[name.Length] == 0
                && found.Slice(0, name.Length).SequenceEqual(name)
            )
            {
                value = Word(symbols.Slice(at), 8);
                return true;
            }
        }
        value = 0;
        return false;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => MemoryMarshal.Read<ulong>(bytes.Slice(at));

    private static bool TryCut(ReadOnlySpan<byte> bytes, ulong at, ulong length, out ReadOnlySpan<byte> cut)
    {
        bool lies = at <= (ulong)bytes.Length && length <= (ulong)bytes.Length - at;
        cut = lies ? bytes.Slice((int)at, (int)length) : default;
        return lies;
    }
}
