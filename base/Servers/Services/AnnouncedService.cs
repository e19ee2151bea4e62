using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>A service that a child offers: its name, and what tells the child that there is something to do.</summary>
internal struct AnnouncedService
{
    public NotificationCapability Requests;
    public BoundedText<NameBytes> Name;

    [InlineArray(IParent.MaximumService)]
    public struct NameBytes
    {
        private byte _byte;
    }
}
