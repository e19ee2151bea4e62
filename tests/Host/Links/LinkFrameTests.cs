using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Skerry.Core.Links;
using Xunit;

namespace Skerry.Tests.Host.Links;

/// <summary>What LOG makes of a line, its label included, travels in one message.</summary>
public class LinkFrameTests
{
    [Fact]
    public void TheLongestLineWithTheLongestLabelFits()
    {
        int brackets = "[] \n"u8.Length;
        Assert.True(LogSessionServer.MaximumLine + ServiceSession.MaximumLabel + brackets <= ILogSession.MaximumText);
        Assert.True(
            LogSessionServer.MaximumPrinted == ILogSession.MaximumText + ServiceSession.MaximumLabel + brackets
        );
        Assert.True(LogSessionServer.MaximumPrinted <= LinkFrame.MaximumPayload);
    }
}
