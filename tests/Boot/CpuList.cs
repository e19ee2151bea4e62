using System.Globalization;
using System.Linq;

namespace Skerry.Tests.Boot;

/// <summary>CPU numbers as the guest prints them: "0-3,8".</summary>
internal static class CpuList
{
    public static int[] Parse(string text) =>
        text.Split(',', System.StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(part =>
            {
                int[] ends = part.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
                return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
            })
            .ToArray();
}
