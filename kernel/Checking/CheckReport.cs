using Skerry.Abi;

namespace Skerry.Kernel.Checking;

/// <summary>What one run of the check came to.</summary>
internal unsafe struct CheckReport
{
    public CheckedRule First;
    public void* Address;
    public uint Capabilities;
    public uint Objects;

    private ulong _low;
    private ulong _high;

    public void Break(CheckedRule rule, void* address)
    {
        if (First == CheckedRule.None)
        {
            First = rule;
            Address = address;
        }
        int bit = (int)rule & 63;
        if ((ulong)rule < 64)
        {
            _low |= 1ul << bit;
        }
        else
        {
            _high |= 1ul << bit;
        }
    }

    /// <summary>Whether the rule was seen broken, be it the first or not.</summary>
    public readonly bool Breaks(CheckedRule rule) => (((ulong)rule < 64 ? _low : _high) >> ((int)rule & 63) & 1) != 0;
}
