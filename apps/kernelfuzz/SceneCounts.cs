using System.Runtime.CompilerServices;

namespace Skerry.Apps.KernelFuzz;

/// <summary>How often each call of a scene was made, and how often it came to Ok.</summary>
internal struct SceneCounts
{
    private Counts _made;
    private Counts _ok;

    public void Try(Scene scene) => Board.Count(ref _made[(int)scene]);

    public void Succeed(Scene scene) => Board.Count(ref _ok[(int)scene]);

    public ulong Made(uint scene) => _made[(int)scene];

    public ulong Ok(uint scene) => _ok[(int)scene];

    [InlineArray((int)Scene.Count)]
    private struct Counts
    {
        private ulong _count;
    }
}
