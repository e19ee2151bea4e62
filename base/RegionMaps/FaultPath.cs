using System.Runtime.CompilerServices;

namespace Skerry.Base.RegionMaps;

/// <summary>The regions that a fault was followed through, from the address space inwards.</summary>
public unsafe struct FaultPath
{
    /// <summary>Region maps inside region maps that a fault is followed through.</summary>
    public const int MaximumLength = 5;

    private Steps _steps;

    public int Length { readonly get; private set; }

    public readonly Region* this[int index] => _steps[index].Region;

    /// <returns>False if the path is as long as it may be.</returns>
    internal bool TryAdd(Region* region)
    {
        if (Length == MaximumLength)
        {
            return false;
        }
        _steps[Length] = new Step { Region = region };
        Length++;
        return true;
    }

    private struct Step
    {
        public Region* Region;
    }

    [InlineArray(MaximumLength)]
    private struct Steps
    {
        private Step _step;
    }
}
