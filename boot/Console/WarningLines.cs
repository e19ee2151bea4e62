using System;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Features;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Console;

/// <summary>Prints "warning: SOURCE: REASON (DETAIL)", one a line.</summary>
public static class WarningLines<TConsole>
    where TConsole : struct, IConsole
{
    /// <param name="warnings">Of this start.</param>
    /// <param name="commandLine">Where the words lie that they are about.</param>
    public static void Write(ref WarningList warnings, ReadOnlySpan<byte> commandLine)
    {
        ReadOnlySpan<Warning> kept = warnings.Kept;
        for (int i = 0; i < kept.Length; i++)
        {
            Text<TConsole>.Write("warning: "u8);
            Text<TConsole>.Write(WarningText.Of(kept[i].Source));
            Text<TConsole>.Write(": "u8);
            Text<TConsole>.Write(WarningText.Of(kept[i].Reason));
            WriteFeatures(kept[i].Features);
            if (kept[i].Reason is WarningReason.BadValue or WarningReason.NoSuchCluster)
            {
                WriteWord(kept[i], commandLine);
            }
            else
            {
                WriteDetail(kept[i]);
            }
            Text<TConsole>.Line();
        }
        if (warnings.Untold != 0)
        {
            Text<TConsole>.Write("warning: and "u8);
            Text<TConsole>.Write((ulong)warnings.Untold);
            Text<TConsole>.Line(" more"u8);
        }
    }

    /// <summary>Of a CPU that stops without them; of other warnings none.</summary>
    private static void WriteFeatures(ulong features)
    {
        bool isFirst = true;
        for (int i = 0; i < FeatureList.Count; i++)
        {
            if ((features & 1ul << i) != 0)
            {
                Text<TConsole>.Write(isFirst ? ""u8 : ", "u8);
                Text<TConsole>.Write(FeatureList.At(i).Name);
                isFirst = false;
            }
        }
        Text<TConsole>.Write(isFirst ? ""u8 : "; it is left out"u8);
    }

    private static void WriteDetail(Warning warning)
    {
        ReadOnlySpan<byte> name = WarningText.DetailName(warning.Reason);
        if (name.IsEmpty)
        {
            return;
        }
        Text<TConsole>.Write(" ("u8);
        Text<TConsole>.Write(name);
        Text<TConsole>.Write(" "u8);
        Text<TConsole>.WriteHex(warning.Detail);
        WriteMissing(warning.Missing);
        WriteThings(warning);
        Text<TConsole>.Write(")"u8);
    }

    private static void WriteMissing(ulong bytes)
    {
        if (bytes != 0)
        {
            Text<TConsole>.Write(", "u8);
            Text<TConsole>.Write((bytes + 1023) / 1024);
            Text<TConsole>.Write(" KiB missing"u8);
        }
    }

    /// <summary>What is counted by its detail says no second number.</summary>
    private static void WriteThings(Warning warning)
    {
        bool isSum = WarningText.IsSum(warning.Reason);
        bool isBytes = WarningText.DetailName(warning.Reason).SequenceEqual("bytes"u8);
        if (warning.Things == 1 || (isSum && !isBytes))
        {
            return;
        }
        Text<TConsole>.Write(isSum ? " in "u8 : ", and "u8);
        Text<TConsole>.Write((ulong)(isSum ? warning.Things : warning.Things - 1));
        Text<TConsole>.Write(isSum ? " pieces"u8 : " more"u8);
    }

    /// <summary>The word, and what it could be.</summary>
    private static void WriteWord(Warning warning, ReadOnlySpan<byte> commandLine)
    {
        ReadOnlySpan<byte> word = CommandLine.WordAt(commandLine, (int)warning.Detail);
        Text<TConsole>.Write(" ("u8);
        Text<TConsole>.WritePrintable(word);
        if (warning.Reason == WarningReason.BadValue)
        {
            Text<TConsole>.Write("; known are "u8);
            Text<TConsole>.Write(KnownValues.Of(word));
        }
        else
        {
            Text<TConsole>.Write("; there are 0 to "u8);
            Text<TConsole>.Write((ulong)(warning.Things - 1));
        }
        Text<TConsole>.Write(")"u8);
    }
}
