using System.Runtime.CompilerServices;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>What a LOG session has been given of a line that has not ended yet.</summary>
internal struct LogLine
{
    public int Bytes;
    public LineText Text;

    [InlineArray(ILogSession.MaximumText)]
    internal struct LineText
    {
        private byte _byte;
    }
}
