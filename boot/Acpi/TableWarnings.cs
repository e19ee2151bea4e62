using Skerry.Boot.Warnings;

namespace Skerry.Boot.Acpi;

/// <summary>A table's status as a warning.</summary>
public static class TableWarnings
{
    public static void Add(WarningSource table, TableStatus status, ref WarningList warnings)
    {
        switch (status)
        {
            case TableStatus.Missing:
                warnings.Add(table, WarningReason.Missing);
                break;
            case TableStatus.TooShort:
                warnings.Add(table, WarningReason.TooShort);
                break;
            case TableStatus.BadSignature:
                warnings.Add(table, WarningReason.BadSignature);
                break;
            case TableStatus.BadLength:
                warnings.Add(table, WarningReason.BadLength);
                break;
            case TableStatus.BadChecksum:
                warnings.Add(table, WarningReason.BadChecksum);
                break;
            case TableStatus.NamesNoNode:
                warnings.Add(table, WarningReason.NamesNoNode);
                break;
        }
    }
}
