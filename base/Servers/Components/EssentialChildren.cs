using Skerry.Base.Configuration;

namespace Skerry.Base.Servers.Components;

/// <summary>The children that a server's own end waits for.</summary>
public static unsafe class EssentialChildren
{
    /// <summary>Without any, a server has no end of its own.</summary>
    public static bool Exist(Server* server)
    {
        for (Child* child = server->Children; child != null; child = child->Next)
        {
            if (Includes(in child->Record))
            {
                return true;
            }
        }
        return false;
    }

    public static bool Includes(in ChildRecord record) => (record.Flags & ChildFlags.Essential) != 0;
}
